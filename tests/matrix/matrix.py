#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Does the analyzer say of each source, level and set of flags what clang itself says?

  source, flags --coroscope dis--> report ------------------------------\\
               --clang -O… --> optimisation record: size, alignment --> the same?
               --clang -O0, no passes --> IR: suspends and their kinds -/

usage: matrix.py --tool=COROSCOPE --clang=CLANG [--levels=O0,O2] [--flags=NAME,…] [--jobs=N] FILE…

Flag sets are those of `flag_sets` below; what this machine cannot compile is skipped with a line that says so. The last
line counts; exit code 1 where anything differs, 77 where nothing could be compared.
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))

# name -> flags behind "--"; sources that ask for their own flags keep them in front of these.
flag_sets = {
    "plain": [],
    "debug": ["-g"],
    "debug-full": ["-ggdb3"],
    "line-tables": ["-gline-tables-only"],
    "line-directives": ["-gline-directives-only"],
    "debug-profiling": ["-fdebug-info-for-profiling", "-g"],
    "split-dwarf": ["-g", "-gsplit-dwarf"],
    "codeview": ["-g", "-gcodeview"],
    "no-exceptions": ["-fno-exceptions"],
    "no-rtti": ["-fno-rtti"],
    "no-inline": ["-fno-inline"],
    "aligned-allocation": ["-fcoro-aligned-allocation"],
    "fast-math": ["-ffast-math"],
    "c++23": ["-std=c++23"],
    "c++26": ["-std=c++26"],
    "gnu++20": ["-std=gnu++20"],
    "libc++": ["-stdlib=libc++"],
    "address": ["-fsanitize=address"],
    "undefined": ["-fsanitize=undefined"],
    "thread": ["-fsanitize=thread"],
    "memory": ["-fsanitize=memory"],
    "hwaddress": ["-fsanitize=hwaddress"],
    "type": ["-fsanitize=type"],
    "cfi": ["-fsanitize=cfi", "-flto", "-fvisibility=hidden"],
    "lto": ["-flto"],
    "thin-lto": ["-flto=thin"],
    "fat-lto": ["-flto", "-ffat-lto-objects"],
    "profile-generate": ["-fprofile-generate"],
    "profile-instr-generate": ["-fprofile-instr-generate"],
    "coverage": ["-fprofile-instr-generate", "-fcoverage-mapping"],
    "gcov": ["--coverage"],
    "xray": ["-fxray-instrument"],
    "stack-protector": ["-fstack-protector-all"],
    "stack-clash": ["-fstack-clash-protection"],
    "auto-init": ["-ftrivial-auto-var-init=pattern"],
    "pic": ["-fPIC"],
    "sections": ["-ffunction-sections", "-fdata-sections"],
    "mllvm": ["-mllvm", "-inline-threshold=500"],
    "no-value-names": ["-fdiscard-value-names"],
    "native": ["-march=x86-64-v3"],
    "strict-aliasing": ["-fno-strict-aliasing"],
    "unwind": ["-fno-unwind-tables", "-fno-asynchronous-unwind-tables"],
    "ms-extensions": ["-fms-extensions"],
    "remarks": ["-fsave-optimization-record", "-foptimization-record-file=/dev/null"],
    "optimiser-remarks": ["-Rpass=.*"],
    "time-trace": ["-ftime-trace=/dev/null"],
}

# Other targets see the headers of `include` alone, so that nothing needs to be installed for them.
targets = ["i386-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu", "armv7-linux-gnueabihf", "wasm32-unknown-unknown",
           "x86_64-pc-windows-msvc", "x86_64-w64-mingw32", "arm64-apple-macosx14", "s390x-linux-gnu",
           "powerpc64-linux-gnu"]
for target in targets:
    flag_sets[target] = ["--target=" + target, "-nostdinc++", "-isystem", os.path.join(here, "include")]

# What clang's record is asked with instead: ThinLTO splits nothing before the link.
oracle_flags = {"thin-lto": []}

DEFAULTS = ["-std=c++20", "-isystem", os.path.join(root, "runtime", "include")]
wrapper = re.compile(r"__await_suspend_wrapper__([a-z]+)")


class Differs(Exception):
    pass


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace")


def own_flags(source):
    """What a golden's first lines ask for behind "--"; None where it asks for no plain `dis`."""
    with open(source, encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.startswith("//"):
                break
            if line.startswith("// coroscope: ") and " -- " in line:
                return line.split(" -- ", 1)[1].split()
    return []


def unescaped(name):
    """IR writes \\C3\\B6 for ö; \\01 says that the name is the whole symbol."""
    raw = re.sub(r"\\([0-9A-F]{2})", lambda code: chr(int(code.group(1), 16)), name)
    return raw.encode("latin-1", "replace").decode("utf-8", "replace").replace("\1", "")


def ir_kinds(clang, source, flags, level):
    """Symbol -> kinds of its suspends in instruction order, the final one last; from IR that no pass has seen."""
    result = run([clang, *flags, "-" + level, "-S", "-emit-llvm", "-Xclang", "-disable-llvm-passes", "-o", "-", source])
    if result.returncode != 0:
        return None
    kinds, symbol, current, pending = {}, None, [], None
    for line in result.stdout.splitlines():
        if line.startswith("define "):
            name = re.search(r'@("[^"]*"|[^ (]+)\(', line).group(1).strip('"')
            symbol, current, pending = unescaped(name), [], None
        elif line == "}":
            if current:
                current.sort(key=lambda kind: kind == "final")
                kinds[symbol] = current
            symbol = None
        elif symbol:
            if "@llvm.coro.await.suspend" in line and (found := wrapper.search(line)):
                pending = {"init": "initial"}.get(found.group(1), found.group(1))
            elif re.search(r"call i8 @llvm\.coro\.suspend\(", line):
                current.append("final" if "i1 true" in line else pending or "await")
                pending = None
    return kinds


def recorded_frames(clang, source, flags, level):
    """Symbol -> (size, alignment), of clang's own record."""
    with tempfile.TemporaryDirectory() as folder:
        record = os.path.join(folder, "record.yaml")
        kept = [flag for flag in flags if not flag.startswith(("-foptimization-record", "-fsave-optimization-record"))]
        result = run([clang, *kept, "-" + level, "-c", "-o", "/dev/null", "-fsave-optimization-record",
                      "-foptimization-record-passes=coro-split", "-foptimization-record-file=" + record, source])
        if result.returncode != 0:
            return None, result.stderr
        frames, symbol = {}, None
        with open(record, encoding="utf-8") as lines:
            for line in lines:
                if found := re.match(r"Function: +(.*)", line):
                    symbol = found.group(1).strip("'\"\n ").replace("\\x01", "").replace("\1", "")
                elif found := re.search(r"frame_size: +'(\d+)'", line):
                    frames[symbol] = [int(found.group(1)), 0]
                elif found := re.search(r"align: +'(\d+)'", line):
                    frames[symbol][1] = int(found.group(1))
        return frames, ""


def expect(condition, message):
    if not condition:
        raise Differs(message)


def check_ids(value, report, points):
    """Every range names a file, every reason a point."""
    if isinstance(value, dict):
        if "begin" in value and "file" in value:
            expect(0 <= value["file"] < len(report["files"]), f"a range names file {value['file']}")
            expect(value["begin"] <= value["end"], f"a range ends before it begins: {value}")
            expect(value["begin"][0] >= 1 and value["begin"][1] >= 1, f"a range begins nowhere: {value}")
        if "suspend_point" in value:
            expect(0 <= value["suspend_point"] < points, f"point {value['suspend_point']} does not exist")
        for item in value.values():
            check_ids(item, report, points)
    elif isinstance(value, list):
        for item in value:
            check_ids(item, report, points)


def check_tiling(frame):
    reached = 0
    for field in frame["fields"]:
        expect(field["offset"] == reached, f"a field at {field['offset']} follows byte {reached}")
        expect(field["size"] > 0, f"the field at {reached} is empty")
        expect(field["kind"] != "unknown", f"nobody knows the field at {reached}")
        reached += field["size"]
    expect(reached == frame["size"], f"the fields reach {reached} of {frame['size']} bytes")


def check_points(coroutine, lowering, expected):
    points = coroutine["suspend_points"]
    lowered = sorted(lowering["resume_index"], key=lambda point: point["ordinal"])
    kinds = {point["ordinal"]: points[point["suspend_point"]]["kind"] for point in lowered}
    expect(len({point["suspend_point"] for point in lowered}) == len(lowered), "one point is matched twice")
    expect(len(points) >= len(expected), f"{len(points)} points in the source, {len(expected)} in the IR")
    for ordinal, kind in kinds.items():
        expect(ordinal < len(expected), f"suspend {ordinal} of {len(expected)}")
        expect(kind == expected[ordinal], f"suspend {ordinal} is {kind}; in the IR it is {expected[ordinal]}")
    if lowering["level"] == "O0":
        expect(len(lowered) == len(expected), f"{len(lowered)} points at O0, {len(expected)} in the IR")


def check_lowering(report, coroutine, lowering, frames, kinds, is_unused):
    symbol = lowering["symbol"].replace("\1", "")
    expect(not lowering["problems"], "; ".join(lowering["problems"]))
    expect("frame" in lowering, "there is no frame")
    frame = lowering["frame"]
    check_tiling(frame)
    check_ids(lowering, report, len(coroutine["suspend_points"]))
    if is_unused:
        return
    expect(symbol in frames, f"clang's record does not know {symbol}")
    expect([frame["size"], frame["align"]] == frames[symbol],
           f"{frame['size']} bytes, align {frame['align']}; clang says {frames[symbol]}")
    if kinds is not None:
        expect(symbol in kinds, f"clang's IR does not know {symbol}")
        check_points(coroutine, lowering, kinds[symbol])


def check_report(report, frames, kinds, failures):
    compared, seen = 0, {level: set() for level in frames}
    unused = [note for unit in report["units"] for note in unit["notes"] if " is used by nothing " in note]
    for coroutine in report["coroutines"]:
        is_unused = any(note.startswith(coroutine["name"] + " ") for note in unused)
        for lowering in coroutine["lowerings"]:
            level = lowering["level"]
            seen[level].add(lowering["symbol"].replace("\1", ""))
            try:
                check_lowering(report, coroutine, lowering, frames[level], kinds[level], is_unused)
                compared += 1
            except Differs as difference:
                failures.append(f"{level} {coroutine['name']}: {difference}")
    for level, known in frames.items():
        for symbol in sorted(set(known) - seen[level]):
            failures.append(f"{level}: clang lowers {symbol}, the report does not have it")
    return compared


def try_one(arguments, source, name, levels):
    """(failures, number of lowerings compared, why it was skipped)"""
    own = own_flags(source)
    flags = [*DEFAULTS, *own, *arguments.extra, *flag_sets[name]]
    asked = [*DEFAULTS, *own, *arguments.extra, *oracle_flags.get(name, flag_sets[name])]
    frames = {}
    for level in levels:
        frames[level], error = recorded_frames(arguments.clang, source, asked, level)
        if frames[level] is None:
            first = next((line for line in error.splitlines() if "error" in line), error.strip()[:200])
            tool = run([arguments.tool, "dis", "--format=json", "--system-headers", "--levels=" + level, source, "--", *flags])
            if tool.returncode == 3 and ("error" in tool.stderr):
                return [], 0, first
            return [f"{level}: clang fails, the tool ends with {tool.returncode}: {first}"], 0, None
    tool = run([arguments.tool, "dis", "--format=json", "--system-headers", "--levels=" + ",".join(levels), source, "--", *flags])
    if tool.returncode == 2 and "no coroutine" in tool.stderr:
        return [], 0, None
    if tool.returncode != 0:
        return [f"the tool ends with {tool.returncode}: {tool.stderr.strip()[-600:]}"], 0, None
    failures = []
    # Lambdas are numbered as code is generated, which the optimiser's presence changes.
    without, optimised = (ir_kinds(arguments.clang, source, asked, level) for level in ("O0", "O2"))
    kinds = {level: without if level == "O0" else optimised for level in levels}
    compared = check_report(json.loads(tool.stdout), frames, kinds, failures)
    return failures, compared, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--clang", default="clang++-22")
    parser.add_argument("--levels", default="O0,O1,O2,O3,Os,Oz")
    parser.add_argument("--flags", default=",".join(flag_sets))
    parser.add_argument("--extra", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_intermixed_args()
    levels = arguments.levels.split(",")
    wanted = [(os.path.abspath(file), name) for name in arguments.flags.split(",") for file in arguments.files]
    compared = failed = skipped = 0
    reasons = {}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = pool.map(lambda one: try_one(arguments, one[0], one[1], levels), wanted)
        for (source, name), (failures, count, skip) in zip(wanted, results):
            compared += count
            failed += len(failures)
            for failure in failures:
                print(f"{name}: {os.path.relpath(source)}: {failure}", flush=True)
            if skip:
                skipped += 1
                reasons.setdefault((name, skip), []).append(os.path.relpath(source))
    for (name, reason), sources in reasons.items():
        print(f"skipped {name}: {sources[0]}{' and others' if len(sources) > 1 else ''}: clang: {reason}")
    print(f"{compared} lowerings compared, {failed} differ, {skipped} compilations skipped")
    return 1 if failed else 0 if compared else 77


if __name__ == "__main__":
    sys.exit(main())
