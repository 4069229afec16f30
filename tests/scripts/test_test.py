# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/test: counts rightly, and a suite that tests nothing has failed."""

import unittest

from scratch import scratch

PRESETS = """{"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja",
  "binaryDir": "${sourceDir}/build/release"}]}"""
PROJECT = "cmake_minimum_required(VERSION 3.25)\nproject(scratch NONE)\nenable_testing()\n"
CHECKS = 4  # format, layers, scripts, the build


def project(tests, **files):
    return scratch({"CMakePresets.json": PRESETS, "CMakeLists.txt": PROJECT + tests, ".ci/run": "#!/bin/sh\n",
                    "samples/a.cpp": "int a;\n", **files})


def quick(tree, *arguments):
    return tree.run("scripts/test", "--quick", *arguments, COROSCOPE_SKIP_SETUP="1", CI="true")


class test_script(unittest.TestCase):
    def ends(self, done, code, line):
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (code, line), done.stdout + done.stderr)

    def test_all_well_counts_tests_and_checks(self):
        with project("add_test(NAME one COMMAND true)\nadd_test(NAME two COMMAND true)\n") as tree:
            self.ends(quick(tree), 0, f"{CHECKS + 2} passed, 0 failed")

    def test_a_failing_test_is_counted_and_its_output_shown(self):
        with project('add_test(NAME good COMMAND true)\nadd_test(NAME bad COMMAND sh -c "echo it broke; exit 1")\n') as tree:
            done = quick(tree)
            self.ends(done, 1, f"{CHECKS + 1} passed, 1 failed")
            self.assertRegex(done.stdout, r"what failed\nrelease:\n  bad \(.*\)\n    it broke\n\d+ passed, 1 failed")

    def test_a_test_that_could_not_run_has_failed(self):
        fixture = ("add_test(NAME make COMMAND false)\nset_tests_properties(make PROPERTIES FIXTURES_SETUP f)\n"
                   "add_test(NAME use COMMAND true)\nset_tests_properties(use PROPERTIES FIXTURES_REQUIRED f)\n")
        with project("add_test(NAME absent COMMAND /no/such/program)\n" + fixture) as tree:
            self.ends(quick(tree), 1, f"{CHECKS} passed, 3 failed")

    def test_a_skipped_test_is_neither_passed_nor_failed(self):
        skip = 'add_test(NAME s COMMAND sh -c "exit 77")\nset_tests_properties(s PROPERTIES SKIP_RETURN_CODE 77)\n'
        with project("add_test(NAME one COMMAND true)\n" + skip) as tree:
            self.ends(quick(tree), 0, f"{CHECKS + 1} passed, 0 failed")

    def test_a_suite_without_tests_has_failed(self):
        with project("") as tree:
            self.ends(quick(tree), 1, f"{CHECKS} passed, 1 failed")

    def test_a_selection_that_picks_nothing_has_failed(self):
        with project("add_test(NAME one COMMAND true)\n") as tree:
            self.ends(quick(tree, "-R", "one"), 0, "2 passed, 0 failed")
            self.assertEqual(quick(tree, "-R", "nosuch").returncode, 1)

    def test_what_passed_is_not_run_again_until_something_changes(self):
        count = 'add_test(NAME one COMMAND sh -c "echo >>runs" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})\n'
        with project(count) as tree:
            def runs():
                return (tree.root / "build/release/runs").read_text().count("\n")
            quick(tree)
            done = quick(tree)
            self.ends(done, 0, f"{CHECKS + 1} passed, 0 failed")
            self.assertIn("nothing has changed since they passed", done.stdout)
            self.assertEqual(runs(), 1)
            tree.write("samples/a.cpp", "int b;\n")
            quick(tree)
            self.assertEqual(runs(), 2)
            quick(tree, "-R", "one")
            self.assertEqual(runs(), 3)

    def test_what_failed_is_run_again(self):
        with project('add_test(NAME one COMMAND sh -c "echo >>runs; exit 1" WORKING_DIRECTORY ${CMAKE_BINARY_DIR})\n') as tree:
            quick(tree)
            self.ends(quick(tree), 1, f"{CHECKS} passed, 1 failed")
            self.assertEqual((tree.root / "build/release/runs").read_text(), "\n\n")

    def test_quick_leaves_slow_tests_out(self):
        slow = "add_test(NAME slow COMMAND false)\nset_tests_properties(slow PROPERTIES LABELS slow)\n"
        with project("add_test(NAME one COMMAND true)\n" + slow) as tree:
            self.ends(quick(tree), 0, f"{CHECKS + 1} passed, 0 failed")

    def test_a_build_that_fails_is_one_failure(self):
        with project('add_custom_target(broken ALL COMMAND sh -c "echo compiler says no; exit 1" VERBATIM)\n') as tree:
            done = quick(tree)
            self.ends(done, 1, "3 passed, 1 failed")
            self.assertIn("compiler says no", done.stderr)

    def test_a_badly_formatted_file_and_a_broken_layer_fail(self):
        with project("add_test(NAME one COMMAND true)\n") as tree:
            tree.write("samples/a.cpp", "int   a;\n#include <nlohmann/json.hpp>\n")
            done = quick(tree)
            self.ends(done, 1, f"{CHECKS - 1} passed, 2 failed")
            self.assertIn("samples/a.cpp:2: uses <nlohmann/json.hpp>", done.stderr)
            self.assertIn("samples/a.cpp:1:", done.stderr)

    def test_a_script_that_does_not_parse_fails(self):
        with project("add_test(NAME one COMMAND true)\n") as tree:
            tree.write("scripts/broken", "#!/usr/bin/env bash\nif true; then\n")
            self.ends(quick(tree), 1, f"{CHECKS} passed, 1 failed")


if __name__ == "__main__":
    unittest.main()
