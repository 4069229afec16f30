# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a task, a switch, a timer and an echoed request cost, beside Boost.Asio, libuv, bare epoll and
Python's asyncio; and whether that stays so for many.

  tests/bench/runtime/*.cpp --clang++ -O3, g++ -O2--> programs, in turn --> medians of "name value" --> rows

Each program measures its own CPU time (both ends of a connection are in the one thread); see measure.h there for how
often. Each metric is measured by itself: the programs that have it take turns, each in a process of its own, and the order
rotates; a ratio is the median of those of each turn, so that a machine that slows down slows both that are compared.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "tests/bench/runtime"
TURNS = 15
COMPILERS = {"clang -O3": ("clang++-22", "clang-22", "-O3"), "g++ -O2": ("g++", "gcc", "-O2")}
NEEDS = {"asio": ("/usr/include/boost/asio.hpp", "libboost1.81-dev"), "libuv": ("/usr/include/uv.h", "libuv1-dev")}

# name: what it is, unit, divisor, {peer: largest ratio}
METRICS = {
    "call_visible": ("call and return of a child", "ns", 1, {"asio": 0.4, "asyncio": None}),
    "call": ("the same of one that is not inlined", "ns", 1, {"asio": 0.4, "asyncio": None}),
    "spawn": ("spawn and join", "ns", 1, {"asio": 0.25, "asyncio": None}),
    "switch": ("switch between two tasks", "ns", 1, {"asio": 0.1, "asyncio": None}),
    "timer": ("arm and cancel a timer", "ns", 1, {"asio": 0.25, "libuv": 0.5, "asyncio": None}),
    "fire": ("a sleeping task is woken and ends", "ns", 1, {"asio": 0.25, "libuv": 0.5, "asyncio": None}),
    "bytes": ("heap of a task that sleeps", "bytes", 1, {"asio": 0.5, "asyncio": None}),
    "echo": ("echoed request, 64 connections", "us", 1000, {"asio": 0.85, "libuv": 0.9, "raw_epoll": 1.08, "asyncio": None}),
}

# name: what it is, unit, what of ours it is compared with, what that is, largest ratio
GROWTH = {
    "timer_of_many": ("arm and cancel a timer, a million others armed", "ns", "timer_of_few", "a thousand others", 2),
    "echo_io_uring": ("echoed request, 64 connections, by io_uring", "ns", "echo", "by epoll", 1),
    "time_of_many": ("begin, wait and be cancelled, 100,000 tasks at a time", "ns", "time_of_few", "1,000 at a time", 3),
    "close_of_many": ("cancel a read and close its stream, 8,000 in a turn, by io_uring", "ns", "close_of_few", "1,000", 1.5),
    "bytes_of_many": ("heap of each of 100,000 tasks that sleep", "bytes", "bytes_of_few", "each of 1,000", 1.1),
}


def fail(message):
    sys.exit(f"bench runtime: {message}")


def execute(*command):
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def build(name, cxx, cc, level):
    """The programs of one compiler: {ours | peer: path}."""
    folder = ROOT / "build" / f"bench-{pathlib.Path(cxx).name}"
    print(f"building with {name}", file=sys.stderr)
    execute("cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={cxx}", f"-DCMAKE_C_COMPILER={cc}",
            "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_CXX_FLAGS_RELEASE={level} -DNDEBUG", "-DCOROSCOPE_ANALYZER=OFF",
            "-DCOROSCOPE_TESTS=OFF")
    execute("ninja", "-C", folder, "coroscope_runtime")
    libraries = {"ours": [folder / "lib/libcoroscope_runtime.a", folder / "lib/libcoroscope_trace.a"], "libuv": ["-luv"]}
    programs = {}
    for source in sorted(SOURCES.glob("*.cpp")):
        programs[source.stem] = folder / source.stem
        execute(cxx, "-std=c++20", level, "-DNDEBUG", f"-I{ROOT / 'runtime/include'}", source, "-o",
                programs[source.stem], *libraries.get(source.stem, []), "-pthread")
    programs["asyncio"] = SOURCES / "asyncio_program.py"
    return programs


def measure(program, metric):
    interpreter = ["/usr/bin/python3", "-B"] if program.suffix == ".py" else []
    for line in execute(*interpreter, program, metric).splitlines():
        name, value = line.split()
        if name == metric:
            return float(value)
    fail(f"{program} does not measure {metric}")


def in_turns(members):
    """members: {name: (program, metric)}; gives {name: [its value in each turn]}"""
    seen = {name: [] for name in members}
    order = list(members)
    for turn in range(TURNS):
        shift = turn % len(order)
        for name in order[shift:] + order[:shift]:
            seen[name].append(measure(*members[name]))
    return seen


def row(metric, unit, divisor, ours, peer, peer_name, target):
    print(json.dumps({"metric": metric, "unit": unit, "ours": statistics.median(ours) / divisor,
                      "peer": statistics.median(peer) / divisor, "peer_name": peer_name, "target": target,
                      "ratio": statistics.median(a / b for a, b in zip(ours, peer, strict=True))}), flush=True)


def main():
    os.environ.pop("COROSCOPE_TRACE", None)
    for header, package in NEEDS.values():
        if not pathlib.Path(header).exists():
            fail(f"{header} is missing: install Debian's package {package}, or call scripts/setup bench")
    for name, (cxx, cc, level) in COMPILERS.items():
        programs = build(name, cxx, cc, level)
        for metric, (title, unit, divisor, targets) in METRICS.items():
            seen = in_turns({program: (programs[program], metric) for program in ("ours", *targets)})
            for peer, target in targets.items():
                row(f"{title}, {name}", unit, divisor, seen["ours"], seen[peer], peer, target)
        for metric, (title, unit, few, peer, target) in GROWTH.items():
            seen = in_turns({each: (programs["ours"], each) for each in (metric, few)})
            row(f"{title}, {name}", unit, 1, seen[metric], seen[few], peer, target)


main()
