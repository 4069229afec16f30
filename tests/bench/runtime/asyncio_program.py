# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""asyncio's side of scripts/bench runtime: the same work as in the .cpp files beside it, less often, of the metrics that it is
called with, as "name value"."""

import asyncio
import sys
import time
import tracemalloc

CALLS = 200_000
SPAWNS = 20_000
SWITCHES = 50_000
TIMERS = 20_000
IDLE_TASKS = 10_000
CONNECTIONS = 64
REQUESTS = 50
REQUEST = bytes(64)


def say(name, nanoseconds, count):
    print(f"{name} {nanoseconds / count:.3f}")


async def child(value):
    return value


async def call_and_return():
    begin = time.process_time_ns()
    for i in range(CALLS):
        await child(i)
    say("call", time.process_time_ns() - begin, CALLS)
    say("call_visible", time.process_time_ns() - begin, CALLS)


async def spawn_and_join():
    begin = time.process_time_ns()
    for i in range(SPAWNS):
        await asyncio.create_task(child(i))
    say("spawn", time.process_time_ns() - begin, SPAWNS)


async def take_turns():
    for _ in range(SWITCHES // 2):
        await asyncio.sleep(0)


async def switch_tasks():
    begin = time.process_time_ns()
    await asyncio.gather(take_turns(), take_turns())
    say("switch", time.process_time_ns() - begin, SWITCHES)


async def arm_and_cancel():
    begin = time.process_time_ns()
    for i in range(TIMERS):
        async with asyncio.timeout(3600):
            await child(i)
    say("timer", time.process_time_ns() - begin, TIMERS)


async def fire():
    begin = 0
    async with asyncio.TaskGroup() as group:
        for i in range(TIMERS):
            group.create_task(asyncio.sleep(1 + i * 7919 % 50_000 / 1e6))
        await asyncio.sleep(0)
        begin = time.process_time_ns()
    say("fire", time.process_time_ns() - begin, TIMERS)


async def idle():
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(IDLE_TASKS)]
    await asyncio.sleep(0.001)
    say("bytes", tracemalloc.get_traced_memory()[0] - before, IDLE_TASKS)
    tracemalloc.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def serve(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()


async def ask(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(REQUESTS):
        writer.write(REQUEST)
        await reader.readexactly(len(REQUEST))
    writer.close()
    await writer.wait_closed()


async def echo():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    begin = time.process_time_ns()
    await asyncio.gather(*(ask(port) for _ in range(CONNECTIONS)))
    say("echo", time.process_time_ns() - begin, CONNECTIONS * REQUESTS)
    server.close()


METRICS = {"bytes": idle, "call": call_and_return, "call_visible": call_and_return, "spawn": spawn_and_join,
           "switch": switch_tasks, "timer": arm_and_cancel, "fire": fire, "echo": echo}
for metric in sys.argv[1:]:
    asyncio.run(METRICS[metric]())
