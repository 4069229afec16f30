# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Are the frames of hot coroutines as large as they were, and the calls that are meant to be elided so?

    hot_coroutines.cpp, sources of the runtime --coroscope check, -O2--> baseline --> "bytes name" a line == hot_coroutines.txt

usage: hot_coroutines.py COROSCOPE INCLUDE GOLDEN SOURCE…. With COROSCOPE_UPDATE=1 the golden is written instead.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ELIDED = "elided_"


def sizes(tool: str, include: str, sources: list[str]) -> str:
    """A line for each coroutine of the sources; ends the program where a call is not elided."""
    with tempfile.TemporaryDirectory() as folder:
        baseline = pathlib.Path(folder, "baseline.json")
        command = [tool, "check", *sources, "--level=O2", f"--require-elided={ELIDED}", f"--write-baseline={baseline}"]
        checked = subprocess.run([*command, "--", "-std=c++20", f"-I{include}"], capture_output=True, text=True)
        if checked.returncode != 0:
            sys.exit(checked.stdout + checked.stderr)
        frames = json.loads(baseline.read_text())["frames"]
    return "".join(sorted(f"{frame['size']:6} {frame['name']}\n" for frame in frames))


def main() -> None:
    tool, include, golden, *sources = sys.argv[1:]
    found = sizes(tool, include, sources)
    if os.environ.get("COROSCOPE_UPDATE") == "1":
        pathlib.Path(golden).write_text(found)
        return
    expected = pathlib.Path(golden).read_text()
    if found != expected:
        sys.exit(f"frames differ from {golden}, which COROSCOPE_UPDATE=1 writes anew; bytes now:\n{found}was:\n{expected}")


main()
