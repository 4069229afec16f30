# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `coroscope dis` costs beside one `clang++-22 -c -O2 -g` of the same file: CPU time and peak memory.

  samples/*.cpp, coroutine_sources.py --dis at both levels, dis at O2, clang++, in turn--> medians --> rows for scripts/bench

CPU time is user + system of the process and all it waited for; peak memory is the resident set of the largest of these
processes. The runs take turns and the order rotates, so that a machine that slows down slows all of them, and the
median of three leaves out the one that filled the file cache. What is made on request (--asm, `report`) has rows of its
own without a target. All of it takes six minutes of CPU.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import coroutine_sources

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "build/release/bin/coroscope"
FLAGS = ["-std=c++20", f"-I{ROOT / 'runtime/include'}"]
ROUNDS = 3
ON_REQUEST = ["06_http_proxy.cpp", "machine.cpp"]
DATA_BASES = (4, 16, 64)
LIMITS = {"both": ("both levels", 1.25), "one": ("one level", 1.1)}
MEMORY = 1.3


def measure(command):
    """(CPU seconds, peak MiB) of a command that must succeed."""
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"bench analyzer: {' '.join(command)} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def commands(file):
    dis = [str(TOOL), "dis", str(file)]
    return {"both": [*dis, "--", *FLAGS], "one": [*dis, "--levels=O2", "--", *FLAGS],
            "clang": ["/usr/bin/clang++-22", *FLAGS, "-c", "-O2", "-g", str(file), "-o", "/dev/null"]}


def commands_on_request(file):
    plain = commands(file)
    return {"--asm": [str(TOOL), "dis", str(file), "--asm", "--", *FLAGS],
            "report": [str(TOOL), "report", str(file), "-o", os.devnull, "--", *FLAGS], "clang": plain["clang"]}


def medians(runs):
    """{name: command} --> {name: (CPU seconds, peak MiB)}"""
    seen = {name: [] for name in runs}
    order = list(runs.items())
    for turn in range(ROUNDS):
        for name, command in order[turn % len(order):] + order[:turn % len(order)]:
            seen[name].append(measure(command))
    return {name: tuple(map(statistics.median, zip(*results))) for name, results in seen.items()}


def medians_of(files, commands_of=commands):
    results = {}
    for number, file in enumerate(files, start=1):
        print(f"bench analyzer: {file.name} ({number}/{len(files)})", file=sys.stderr)
        results[file] = medians(commands_of(file))
    return results


def row(metric, unit, ours, peer, target=None):
    print(json.dumps({"metric": metric, "unit": unit, "ours": ours, "peer": peer, "peer_name": "clang++ -c -O2 -g",
                      "target": target}))


def compared(what, results):
    """Both targets for each file and for all of them, and the memory of the worst."""
    for name, (words, limit) in LIMITS.items():
        for file, result in results.items():
            row(f"{file.name}: CPU, {words}", "s", result[name][0], result["clang"][0], limit)
        row(f"all {what}: CPU, {words}", "s", sum(r[name][0] for r in results.values()),
            sum(r["clang"][0] for r in results.values()), limit)
        worst = max(results.values(), key=lambda r: r[name][1] / r["clang"][1])
        row(f"worst of {what}: peak memory, {words}", "MiB", worst[name][1], worst["clang"][1], MEMORY)


def write_sources(folder):
    for shape in coroutine_sources.SHAPES:
        file = folder / f"{shape}.cpp"
        file.write_text(coroutine_sources.source(shape), encoding="utf-8")
        yield file


def data_base(folder, count):
    """The command that analyses a data base of `count` units."""
    build = folder / f"of_{count}"
    build.mkdir()
    entries = []
    for number in range(count):
        file = build / f"unit_{number}.cpp"
        # Each unit has coroutines of its own; those of one name would be merged and cost less.
        file.write_text(coroutine_sources.small(number), encoding="utf-8")
        entries.append({"directory": str(build), "file": file.name,
                        "arguments": ["clang++", "-std=c++20", "-c", file.name]})
    (build / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
    return [str(TOOL), "dis", "-p", str(build)]


def compared_data_bases(folder):
    """CPU seconds a unit must not grow with the number of units."""
    print("bench analyzer: data bases", file=sys.stderr)
    results = medians({count: data_base(folder, count) for count in DATA_BASES})
    smallest = DATA_BASES[0]
    for count in DATA_BASES[1:]:
        print(json.dumps({"metric": f"data base of {count}: CPU a unit", "unit": "s", "ours": results[count][0] / count,
                          "peer": results[smallest][0] / smallest, "peer_name": f"data base of {smallest}",
                          "target": 1.1}))


def main():
    subprocess.run([ROOT / "scripts/build", "release"], check=True, stdin=subprocess.DEVNULL)
    sample_files = sorted((ROOT / "samples").glob("*.cpp"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        larger_files = list(write_sources(folder))
        samples = medians_of(sample_files)
        larger = medians_of(larger_files)
        requested = medians_of([file for file in [*sample_files, *larger_files] if file.name in ON_REQUEST],
                               commands_on_request)
        compared("samples", samples)
        compared("larger files", larger)
        for file, result in requested.items():
            for what in ("--asm", "report"):
                row(f"{file.name}: CPU, {what}", "s", result[what][0], result["clang"][0])
        compared_data_bases(folder)


if __name__ == "__main__":
    main()
