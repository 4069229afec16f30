#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Is a program with the pass plugin the program that it is without?

  source, flags --clang--------------> plain program ---> output, status; record of the coroutine passes; dis: layouts
               --clang with plugin --> traced program -> the same, recording on and off; the recording's tables: layouts

usage: corpus.py --tool=COROSCOPE --clang=CLANG --plugin=SO --recorder=A --build=DIR [--configs=NAME,…] [--shard=I/N]
                 [--jobs=N] FILE…

Configurations are those of `configs` below. Without --configs, or with COROSCOPE_CORPUS=full, the whole product is
tried; --configs=cut tries O0 or O2 and one of the others, in turn, and of programs/, which the build compiles at O0 and
O2 itself, one of the others. What was compiled stands in DIR and is kept for the next run. The last line counts; exit
code 1 where anything differs.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys

ADDRESS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
configs = {"O0": ["-g"], "O2": ["-g"], "O1": ["-g"], "O3": ["-g"], "O0 without -g": [], "O1 without -g": [],
           "O2 without -g": [], "O3 without -g": [], "O0 address": ["-g", *ADDRESS], "O2 address": ["-g", *ADDRESS],
           "O0 thread": ["-g", "-fsanitize=thread"], "O2 thread": ["-g", "-fsanitize=thread"]}
usual = ["O0", "O2"]
RECORD = ["-fsave-optimization-record", "-foptimization-record-passes=coro-split|coro-elide|coro-annotation-elide"]


class Differs(Exception):
    pass


def run(command, **environment):
    kept = {name: value for name, value in os.environ.items() if name != "COROSCOPE_TRACE"}
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                          env={**kept, **environment}, timeout=120)


def need(command, what):
    done = run(command)
    if done.returncode != 0:
        raise Differs(f"{what} failed: {done.stderr[-2000:]}")
    return done.stdout


def digest(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def digest_of(file):
    return hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()


def tables(recording):
    """The coroutines of a recording, and whether it says that it is whole; docs/trace-format.md."""
    if not recording.exists():
        return [], True  # the optimiser left no coroutine
    data = recording.read_bytes()
    unit, state, lost = (struct.unpack_from(code, data, at)[0] for code, at in [("<I", 12), ("<I", 28), ("<Q", 80)])
    coroutines, offset = [], unit
    while offset < len(data):
        magic, kind, capacity, committed = struct.unpack_from("<IIQQ", data, offset)
        if kind == 2:
            table = json.loads(data[offset + 80:offset + 80 + committed])
            coroutines += filter(None, table["coroutines"])
        offset += capacity if magic else unit
    return coroutines, state == 1 and lost == 0


def passed(record):
    """What the passes did. What they say that they did not do names what was inlined before, no frame and no elision:
    a sanitizer's own calls make that differ."""
    return [part for part in record.split("--- !") if not part.startswith("Missed")]


class Corpus:
    def __init__(self, options):
        self.options = options
        self.build = pathlib.Path(options.build)
        self.build.mkdir(parents=True, exist_ok=True)
        self.pieces = digest(digest_of(options.plugin), digest_of(options.recorder))
        self.tool = digest_of(options.tool)

    def made(self, stem, key, commands, output):
        """Runs `commands` unless they made `output` from the same before."""
        stamp = self.build / f"{stem}.key"
        if not (stamp.exists() and output.exists() and stamp.read_text() == key):
            for command in commands:
                need(command, f"{stem}: compiling")
            stamp.write_text(key)
        return output

    def program(self, source, config, traced):
        """(program, its record of the coroutine passes) for one configuration."""
        level, flags = "-" + config.split()[0], configs[config]
        stem = f"{source.stem}.{config.replace(' ', '_')}.{'traced' if traced else 'plain'}"
        program, record = self.build / stem, self.build / f"{stem}.yaml"
        plugin = [f"-fpass-plugin={self.options.plugin}"] if traced else []
        recorder = [self.options.recorder] if traced else []
        recorded = [*RECORD, f"-foptimization-record-file={record}"] if "-g" in flags else []
        command = [self.options.clang, "-std=c++20", "-pthread", level, *flags]
        compiled = [*command, *plugin, *recorded, "-c", source, "-o", f"{program}.o"]
        key = digest(compiled, [digest_of(file) for file in [source, *source.parent.glob("*.h")]], traced and self.pieces)
        self.made(stem, key, [compiled, [*command, f"{program}.o", *recorder, "-o", program]], program)
        return program, record.read_text() if recorded else ""

    def layouts(self, source, config):
        """{symbol: hash of its layout} at the level, of the plain lowering."""
        level, sanitizer = config.split()[0], [flag for flag in configs[config] if flag != "-g"]
        stem = f"{source.stem}.{digest(sanitizer)[:8]}.{level}.layouts"
        file = self.build / f"{stem}.json"
        key = digest(digest_of(source), [digest_of(header) for header in source.parent.glob("*.h")], sanitizer, self.tool)
        command = [self.options.tool, "dis", source, "--format=json", "--levels=" + level, "--no-hazard=all", "--",
                   "-std=c++20", *sanitizer]
        stamp = self.build / f"{stem}.key"
        if not (stamp.exists() and file.exists() and stamp.read_text() == key):
            report = json.loads(need(command, "dis"))
            found = {lowering["symbol"]: lowering["layout_hash"]
                     for coroutine in report["coroutines"] for lowering in coroutine["lowerings"]}
            file.write_text(json.dumps(found))
            stamp.write_text(key)
        return json.loads(file.read_text())

    def compare(self, source, config):
        plain, plain_record = self.program(source, config, traced=False)
        traced, traced_record = self.program(source, config, traced=True)
        sanitized = any(flag.startswith("-fsanitize") for flag in configs[config])
        if (passed(plain_record) != passed(traced_record)) if sanitized else plain_record != traced_record:
            raise Differs("frames or elided calls differ: diff " + f"{plain}.yaml {traced}.yaml")
        recording = self.build / f"{traced.name}.corotrace"
        recording.unlink(missing_ok=True)
        expected = run([plain])
        if "not true" in expected.stdout or expected.returncode < 0:
            raise Differs(f"it fails without the plugin: {expected.returncode} {expected.stdout}{expected.stderr[-2000:]}")
        for name, variables in {"off": {}, "with frames": {"COROSCOPE_TRACE_FRAMES": "4K"}, "on": {}}.items():
            there = run([traced], **({} if name == "off" else {"COROSCOPE_TRACE": str(recording)}), **variables)
            for what in ["returncode", "stdout", "stderr"]:
                if getattr(expected, what) != getattr(there, what):
                    raise Differs(f"recording {name}: {what} was {getattr(expected, what)!r}, "
                                  f"is {getattr(there, what)!r}"[:4000])
        coroutines, whole = tables(recording)
        recording.unlink(missing_ok=True)
        if not whole and expected.returncode != 41:  # 41: it ended by _Exit
            raise Differs("the recording is not whole")
        layouts = self.layouts(source, config)
        for coroutine in coroutines:
            if layouts.get(coroutine["mangled"]) != coroutine["layout_hash"]:
                raise Differs(f"{coroutine['name']}: layout {coroutine['layout_hash']}, without the plugin "
                              f"{layouts.get(coroutine['mangled'])}")
        return len(coroutines)


def wanted(options):
    """(file, configuration) of this shard."""
    index, shards = map(int, options.shard.split("/"))
    names, others = list(configs), [name for name in configs if name not in usual]
    if options.configs and options.configs != "cut":
        names = options.configs.split(",")
    cut = options.configs == "cut" and os.environ.get("COROSCOPE_CORPUS") != "full"
    for number, file in enumerate(sorted(options.files, key=lambda file: pathlib.Path(file).name)):
        if number % shards == index:
            turn, built_anyway = number // shards, pathlib.Path(file).parent.name == "programs"
            of_the_cut = [] if built_anyway else [usual[turn % len(usual)]]
            for name in [*of_the_cut, others[turn % len(others)]] if cut else names:
                yield pathlib.Path(file).resolve(), name


def main():
    parser = argparse.ArgumentParser()
    for name in ["tool", "clang", "plugin", "recorder", "build"]:
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--configs", default="")
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    corpus, same, different, coroutines = Corpus(options), 0, 0, 0

    def outcome(pair):
        try:
            return pair, corpus.compare(*pair), None
        except (Differs, subprocess.TimeoutExpired) as error:
            return pair, 0, str(error)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for (source, config), count, problem in pool.map(outcome, list(wanted(options))):
            if problem:
                different += 1
                print(f"{source.name}, {config}: {problem}")
            else:
                same += 1
                coroutines += count
    print(f"{same} programs with {coroutines} coroutines are the same, {different} differ")
    return 1 if different or not coroutines else 0


if __name__ == "__main__":
    sys.exit(main())
