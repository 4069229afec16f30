# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A scratch tree as a value: its files, a copy of scripts/, and stand-ins for programs of the machine.

  scratch(files={path: text}, programs={name: shell lines}) --run("scripts/setup", …)--> exit code, stdout, stderr
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


class scratch:
    def __init__(self, files=None, programs=None, name="tree"):
        self.temporary_ = tempfile.TemporaryDirectory(prefix="coroscope-test-")
        self.outside = pathlib.Path(self.temporary_.name)
        self.root = self.outside / name
        self.bin = self.outside / "bin"
        self.bin.mkdir()
        shutil.copytree(SCRIPTS, self.root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        for path, text in (files or {}).items():
            self.write(path, text)
        for program, lines in (programs or {}).items():
            self.program(program, lines)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary_.cleanup()

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def program(self, name, lines):
        """Puts a program in front of the machine's own of that name; it finds its own folder in $here."""
        target = self.bin / name
        target.write_text(f"#!/usr/bin/env bash\nhere='{self.outside}'\n{lines}\n")
        target.chmod(0o755)

    def environment(self, **more):
        own = {name: value for name, value in os.environ.items() if not name.startswith(("COROSCOPE_", "CMAKE_"))}
        return {**own, "PATH": f"{self.bin}:{os.environ['PATH']}", **more}

    def start(self, *command, cwd=None, stdin=subprocess.DEVNULL, start_new_session=False, **environment):
        program = pathlib.Path(command[0])
        first = program if program.is_absolute() else self.root / program
        return subprocess.Popen([first, *command[1:]], cwd=cwd or self.outside, stdin=stdin, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=start_new_session,
                                env=self.environment(**environment))

    def run(self, *command, input=None, **options):
        """CompletedProcess of a command; its program is a path in the tree or an absolute one."""
        process = self.start(*command, stdin=subprocess.PIPE if input is not None else subprocess.DEVNULL, **options)
        out, err = process.communicate(input)
        return subprocess.CompletedProcess(command, process.returncode, out, err)
