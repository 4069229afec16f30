# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/coroscope: builds what changed and becomes the tool, whose stdout, stdin and directory stay its own."""

import os
import shutil
import signal
import unittest

from scratch import scratch

PRESETS = """{"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja",
  "binaryDir": "${sourceDir}/build/release", "cacheVariables": {"FLAVOUR": "plain"}}]}"""

# Builds the "tool" by copying tool.sh, and counts how often in built.txt.
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(scratch NONE)
add_custom_command(OUTPUT bin/coroscope DEPENDS tool.sh
  COMMAND sh "${CMAKE_SOURCE_DIR}/make.sh" "${CMAKE_SOURCE_DIR}/tool.sh" bin/coroscope ${FLAVOUR} VERBATIM)
add_custom_target(coroscope_tool DEPENDS bin/coroscope)
"""
MAKE = 'mkdir -p bin && echo "$3" >>built.txt && cp "$1" "$2" && chmod +x "$2"\n'
TOOL = '#!/bin/sh\nfor a in "$@"; do echo "[$a]"; done\npwd\ncat\nexit 7\n'


def project(**options):
    return scratch({"CMakePresets.json": PRESETS, "CMakeLists.txt": PROJECT, "make.sh": MAKE, "tool.sh": TOOL}, **options)


def call(tree, *arguments, **options):
    return tree.run("scripts/coroscope", *arguments, COROSCOPE_SKIP_SETUP="1", **options)


def builds(tree):
    return (tree.root / "build/release/built.txt").read_text().split()


class coroscope_script(unittest.TestCase):
    def test_arguments_directory_stdin_and_exit_code_are_the_tools(self):
        with project() as tree:
            done = call(tree, "dis", "a b.cpp", "", input="from stdin\n")
            self.assertEqual(done.returncode, 7, done.stderr)
            self.assertEqual(done.stdout, f"[dis]\n[a b.cpp]\n[]\n{tree.outside}\nfrom stdin\n")

    def test_a_second_call_builds_nothing_and_says_nothing(self):
        with project() as tree:
            self.assertIn("configuring build/release", call(tree).stderr)
            done = call(tree)
            self.assertEqual((done.returncode, done.stderr), (7, ""))
            self.assertEqual(len(builds(tree)), 1)

    def test_a_changed_source_is_built(self):
        with project() as tree:
            call(tree)
            tree.write("tool.sh", "#!/bin/sh\necho changed\n")
            self.assertEqual(call(tree).stdout, "changed\n")

    def test_a_changed_preset_is_configured(self):
        with project() as tree:
            call(tree)
            tree.write("CMakePresets.json", PRESETS.replace("plain", "spiced"))
            call(tree)
            self.assertEqual(builds(tree)[-1], "spiced")

    def test_it_works_through_a_link_and_from_a_path_with_spaces(self):
        with project(name="a tree with spaces") as tree:
            link = tree.outside / "link"
            link.symlink_to(tree.root / "scripts/coroscope")
            done = tree.run(link, "x", COROSCOPE_SKIP_SETUP="1")
            self.assertEqual((done.returncode, done.stdout), (7, f"[x]\n{tree.outside}\n"), done.stderr)

    def test_a_tree_that_was_moved_is_configured_afresh(self):
        with project() as tree:
            call(tree)
            moved = tree.outside / "elsewhere"
            shutil.move(tree.root, moved)
            done = tree.run(moved / "scripts/coroscope", "y", COROSCOPE_SKIP_SETUP="1")
            self.assertEqual((done.returncode, done.stdout), (7, f"[y]\n{tree.outside}\n"), done.stderr)

    def test_a_failed_build_shows_the_compilers_words_and_ends_with_2(self):
        with project() as tree:
            tree.write("make.sh", 'echo "tool.sh:3: error: expected a tool" >&2\nexit 1\n')
            done = call(tree)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("tool.sh:3: error: expected a tool", done.stderr)
            self.assertIn("build/log/release.log", done.stderr)

    def test_a_failed_configuration_shows_cmakes_words_and_ends_with_2(self):
        with project() as tree:
            tree.write("CMakeLists.txt", PROJECT + 'message(FATAL_ERROR "no such compiler")\n')
            done = call(tree)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("no such compiler", done.stderr)
            tree.write("CMakeLists.txt", PROJECT)
            self.assertEqual(call(tree).returncode, 7)
            tree.write("CMakeLists.txt", PROJECT + 'message(FATAL_ERROR "the compiler left")\n')
            done = call(tree)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("the compiler left", done.stderr)

    def test_a_setup_that_fails_ends_with_2_before_anything_is_built(self):
        with project(programs={"dpkg-query": "true", "id": "echo 1000", "sudo": "exit 1"}) as tree:
            done = tree.run("scripts/coroscope")
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertFalse((tree.root / "build/release").exists())

    def test_an_interrupted_build_ends_with_130_and_the_next_call_goes_on(self):
        with project() as tree:
            gate = tree.outside / "gate"
            os.mkfifo(gate)
            tree.write("make.sh", f'echo started >"{gate}"; exec sleep 1000\n')
            running = tree.start("scripts/coroscope", COROSCOPE_SKIP_SETUP="1", start_new_session=True)
            self.assertEqual(gate.read_text(), "started\n")
            os.killpg(running.pid, signal.SIGINT)
            out, err = running.communicate()
            self.assertEqual((running.returncode, out), (130, ""), err)
            self.assertNotIn("did not build", err)
            tree.write("make.sh", MAKE)
            self.assertEqual(call(tree).returncode, 7)

    def test_calls_at_once_build_once_and_all_succeed(self):
        with project() as tree:
            running = [tree.start("scripts/coroscope", str(i), COROSCOPE_SKIP_SETUP="1") for i in range(4)]
            for i, process in enumerate(running):
                out, err = process.communicate()
                self.assertEqual((process.returncode, out), (7, f"[{i}]\n{tree.outside}\n"), err)
            self.assertEqual(len(builds(tree)), 1)


if __name__ == "__main__":
    unittest.main()
