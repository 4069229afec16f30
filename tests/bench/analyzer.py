# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `coroscope dis` costs beside one `clang++-22 -c -O2 -g` of the same file: CPU time and peak memory.

  samples/*.cpp --dis at both levels, dis at O2, clang++, in turn, ROUNDS times--> medians --> rows for scripts/bench

CPU time is user + system of the process and all it waited for. The runs take turns and the order rotates, so that a
machine that slows down slows all of them.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "build/release/bin/coroscope"
FLAGS = ["-std=c++20", f"-I{ROOT / 'runtime/include'}"]
ROUNDS = 7


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


def main():
    subprocess.run([ROOT / "scripts/build", "release"], check=True, stdin=subprocess.DEVNULL)
    files = sorted((ROOT / "samples").glob("*.cpp"))
    results = {}
    for number, file in enumerate(files, start=1):
        print(f"bench analyzer: {file.name} ({number}/{len(files)})", file=sys.stderr)
        results[file] = medians(file)
    for file, result in results.items():
        row(f"{file.name}: CPU, both levels", "s", result["both"][0], result["clang"][0])
    for name, words, limit in [("both", "both levels", 1.25), ("one", "one level", 1.1)]:
        row(f"all samples: CPU, {words}", "s", sum(r[name][0] for r in results.values()),
            sum(r["clang"][0] for r in results.values()), limit)
    worst = max(results.values(), key=lambda r: r["both"][1] / r["clang"][1])
    row("worst sample: peak memory, both levels", "MiB", worst["both"][1], worst["clang"][1], 1.3)


if __name__ == "__main__":
    main()
