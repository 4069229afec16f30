# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `coroscope dis` costs beside one `clang++-22 -c -O2 -g` of the same file: CPU time and peak memory.

  samples/*.cpp, coroutine_sources.py --dis at both levels, dis at O2, clang++, in turn--> medians --> rows for scripts/bench

CPU time is user + system of the process and all it waited for. The runs take turns and the order rotates, so that a
machine that slows down slows all of them.
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
ROUNDS = 5


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


def medians_of(files):
    results = {}
    for number, file in enumerate(files, start=1):
        print(f"bench analyzer: {file.name} ({number}/{len(files)})", file=sys.stderr)
        results[file] = medians(file)
    return results


def medians(file):
    """{"both" | "one" | "clang": (CPU seconds, peak MiB)}"""
    runs = list(commands(file).items())
    seen = {name: [] for name, _ in runs}
    for turn in range(ROUNDS + 1):  # the first turn warms the file cache and does not count
        for name, command in runs[turn % 3:] + runs[:turn % 3]:
            result = measure(command)
            if turn:
                seen[name].append(result)
    return {name: tuple(map(statistics.median, zip(*results))) for name, results in seen.items()}


def row(metric, unit, ours, peer, target=None):
    print(json.dumps({"metric": metric, "unit": unit, "ours": ours, "peer": peer, "peer_name": "clang++ -c -O2 -g",
                      "target": target}))


def compared(what, results):
    """Both targets for a set of files, and the memory of its worst."""
    for name, words, limit in [("both", "both levels", 1.25), ("one", "one level", 1.1)]:
        row(f"all {what}: CPU, {words}", "s", sum(r[name][0] for r in results.values()),
            sum(r["clang"][0] for r in results.values()), limit)
    worst = max(results.values(), key=lambda r: r["both"][1] / r["clang"][1])
    row(f"worst of {what}: peak memory, both levels", "MiB", worst["both"][1], worst["clang"][1], 1.3)


def write_sources(folder):
    for shape in coroutine_sources.SHAPES:
        file = folder / f"{shape}.cpp"
        file.write_text(coroutine_sources.source(shape), encoding="utf-8")
        yield file


def data_base_seconds(folder, source, count):
    """CPU seconds a unit for a data base of `count` units."""
    build = folder / f"of_{count}"
    build.mkdir()
    entries = []
    for number in range(count):
        file = build / f"unit_{number}.cpp"
        file.write_text(source, encoding="utf-8")
        entries.append({"directory": str(build), "file": file.name,
                        "arguments": ["clang++", "-std=c++20", "-c", file.name]})
    (build / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
    return statistics.median(measure([str(TOOL), "dis", "-p", str(build)])[0] for _ in range(3)) / count


def main():
    subprocess.run([ROOT / "scripts/build", "release"], check=True, stdin=subprocess.DEVNULL)
    samples = medians_of(sorted((ROOT / "samples").glob("*.cpp")))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        larger = medians_of(list(write_sources(folder)))
        per_unit = {count: data_base_seconds(folder, coroutine_sources.source("machine"), count) for count in (4, 8, 16)}
    for file, result in [*samples.items(), *larger.items()]:
        row(f"{file.name}: CPU, both levels", "s", result["both"][0], result["clang"][0])
    compared("samples", samples)
    compared("larger files", larger)
    for count in (8, 16):
        print(json.dumps({"metric": f"data base of {count}: CPU a unit", "unit": "s", "ours": per_unit[count],
                          "peer": per_unit[4], "peer_name": "data base of 4", "target": 1.1}))


if __name__ == "__main__":
    main()
