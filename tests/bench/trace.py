# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a recording costs the program that is recorded.

  one program, three builds: plain; with the plugin, not recording; with the plugin, recording
      --in turn--> medians of CPU time, bytes and events of the recording --> rows for scripts/bench

CPU time is user + system of the program alone, so that a machine that is shared slows all three; the servers are
measured by what a request costs them, which is their throughput where they are what limits it. Ratios and differences are
medians of those of each turn. COROSCOPE_BUILD_DIR names a build to take instead of build/release.
"""

import json
import operator
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("COROSCOPE_BUILD_DIR", ROOT / "build/release"))
PROGRAMS = pathlib.Path(__file__).resolve().parent / "trace_programs"
CLANG = "clang++-22"
ROUNDS = 11
SHORT_ROUNDS = 61  # of servers: what is to be seen is less than the machine's speed changes within a second
VARIANTS = ("plain", "off", "on")


def row(metric, unit, ours, peer, peer_name, target, **ratio):
    print(json.dumps({"metric": metric, "unit": unit, "ours": ours, "peer": peer, "peer_name": peer_name,
                      "target": target, **ratio}), flush=True)


def flags(which):
    return subprocess.run([BUILD / "bin/coroscope", "flags", which], check=True, capture_output=True, text=True).stdout.split()


def build(folder, source, traced, libraries=()):
    output = folder / f"{source.stem}.{'traced' if traced else 'plain'}"
    added = [*(flags("--cxxflags") if traced else []), f"-I{BUILD / 'include'}"]
    end = flags("--ldflags") if traced else [str(BUILD / "lib/libcoroscope_trace.a"), "-pthread"]
    subprocess.run([CLANG, "-std=c++20", "-O2", "-g", *added, source, *libraries, *end, "-o", output], check=True)
    return output


class Variants:
    """The three ways to run one program."""

    def __init__(self, folder, source, runtime=False):
        self.recording = folder / f"{source.stem}.corotrace"
        plain, traced = ([BUILD / f"lib/libcoroscope_runtime{suffix}.a"] if runtime else [] for suffix in ("", "_traced"))
        self.programs = {"plain": build(folder, source, False, plain), "on": build(folder, source, True, traced)}
        self.programs["off"] = self.programs["on"]

    def start(self, variant, arguments, **options):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COROSCOPE_TRACE")}
        if variant == "on":
            environment["COROSCOPE_TRACE"] = str(self.recording)
        return subprocess.Popen([self.programs[variant], *map(str, arguments)], env=environment,
                                stdin=subprocess.DEVNULL, **options)

    def bytes_an_event(self):
        summary = subprocess.run([BUILD / "bin/coroscope", "trace", "--summary", self.recording], check=True,
                                 capture_output=True, text=True).stdout
        events = int(re.search(r"(\d+) events", summary)[1])
        return self.recording.stat().st_size / events, events


def cpu_of(process):
    """CPU seconds of a process that ends by itself."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench trace: {process.args[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def measurements(measure, rounds=ROUNDS):
    """{variant: [measure(variant) in each turn]}, the order rotated."""
    seen = {name: [] for name in VARIANTS}
    for turn in range(rounds):
        for at in range(len(VARIANTS)):
            name = VARIANTS[(turn + at) % len(VARIANTS)]
            seen[name].append(measure(name))
    return seen


def median_of_turns(of, a, b):
    return statistics.median(map(of, a, b))


def clock(folder):
    """What of an event's cost is the processor's: reading its clock once."""
    readings, program = 10_000_000, folder / "read_clock"
    trace = ROOT / "runtime/trace"
    subprocess.run([CLANG, "-std=c++20", "-O2", f"-I{trace}", f"-I{ROOT / 'runtime/include'}",
                    PROGRAMS / "read_clock.cpp", trace / "clock.cpp", "-o", program], check=True)
    cpu = [cpu_of(subprocess.Popen([program, str(readings)])) for _ in range(ROUNDS)]
    row("CPU of reading the clock", "ns", statistics.median(cpu) / readings * 1e9, 30, "limit of an event", None)


def switches(folder):
    """CPU an event: one frame in a loop, 4096 in turn, and two threads at once and one by one."""
    program, steps = Variants(folder, PROGRAMS / "switches.cpp"), 2_000_000
    costs = {}
    for name, arguments, target in [("one frame", [1, steps, 1], 1), ("4096 frames in turn", [1, steps, 4096], 1),
                                    ("two threads one by one", [2, steps, 1, "one_by_one"], None),
                                    ("two threads", [2, steps, 1], None)]:
        print(f"bench trace: {name}", file=sys.stderr)
        cpu = measurements(lambda variant: cpu_of(program.start(variant, arguments)))
        size, events = program.bytes_an_event()
        cost = median_of_turns(operator.sub, cpu["on"], cpu["plain"]) / events * 1e9
        row(f"CPU an event, {name}", "ns", cost, 30, "limit", target)
        row(f"CPU an event, not recording, {name}", "ns",
            max(0.0, median_of_turns(operator.sub, cpu["off"], cpu["plain"])) / events * 1e9, 1.5, "a branch", 1)
        row(f"bytes an event, {name}", "B", size, 8, "limit", 1)
        costs[name] = cost
    # What the threads would share costs more when they write at once. One thread alone reads the clock in a cheaper way.
    for peer, peer_name, target in [("one frame", "on one thread", None), ("two threads one by one", "one by one", 1.25)]:
        row("CPU an event on two threads", "ns", costs["two threads"], costs[peer], peer_name, target)


def served(program, variant, load):
    """CPU seconds of a server from when it listens, while `load(port)` gives the clients' command."""
    arguments, command = load
    server = program.start(variant, arguments, stdout=subprocess.PIPE, text=True)
    port = re.search(r":(\d+)", server.stdout.readline())[1]
    begin = time.clock_gettime(~server.pid << 3 | 2)  # the process's CPU clock, as clock_getcpuclockid(3) names it
    subprocess.run([word.replace("PORT", port) for word in command], check=True, timeout=120)
    cpu = cpu_of(server) - begin
    server.stdout.close()
    return cpu


def server(folder, name, source, arguments, command):
    print(f"bench trace: {name}", file=sys.stderr)
    program = Variants(folder, source, runtime=True)
    cpu = measurements(lambda variant: served(program, variant, (arguments, command)), SHORT_ROUNDS)
    for variant, what, target in [("off", "plugin in, not recording", 1.02),
                                  ("on", "recording (25 % less throughput)", 1 / 0.75)]:
        row(f"{name}: CPU, {what}", "s", statistics.median(cpu[variant]), statistics.median(cpu["plain"]),
            "without the plugin", target, ratio=median_of_turns(operator.truediv, cpu[variant], cpu["plain"]))
    row(f"{name}: bytes an event", "B", program.bytes_an_event()[0], 8, "limit", 1)


def main():
    if "COROSCOPE_BUILD_DIR" not in os.environ:
        subprocess.run([ROOT / "scripts/build", "release"], check=True, stdin=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        clock(folder)
        switches(folder)
        load = str(build(folder, PROGRAMS / "load.cpp", False))
        server(folder, "echo", ROOT / "samples/04_tcp_echo.cpp", ["--connections=16"], [load, "echo", "PORT", "16", "2000"])
        server(folder, "proxy", ROOT / "samples/06_http_proxy.cpp", ["--connections=600"], [load, "proxy", "PORT", "600"])


if __name__ == "__main__":
    main()
