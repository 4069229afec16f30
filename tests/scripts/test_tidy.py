# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/tidy: objects to what .clang-tidy forbids, remembers what it accepted, and looks again when something changed."""

import shutil
import unittest

from scratch import SCRIPTS, scratch

PROJECT = """cmake_minimum_required(VERSION 3.25)
project(scratch CXX)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_library(one STATIC samples/one.cpp)
"""
HEADER = "#pragma once\nclass counter {\npublic:\n  int next() { return ++last_; }\n\nprivate:\n  int last_ = 0;\n};\n"
SOURCE = '#include "counter.h"\nint once() {\n  counter c;\n  return c.next();\n}\n'


class tidy_script(unittest.TestCase):
    def setUp(self):
        self.tree = scratch({"CMakeLists.txt": PROJECT, "samples/counter.h": HEADER, "samples/one.cpp": SOURCE})
        shutil.copy(SCRIPTS.parent / ".clang-tidy", self.tree.root)
        self.addCleanup(self.tree.temporary_.cleanup)
        cmake = shutil.which("cmake")
        self.tree.run(cmake, "-S", self.tree.root, "-B", self.tree.root / "b", "-G", "Ninja",
                      "-DCMAKE_CXX_COMPILER=clang++-22").check_returncode()

    def tidy(self):
        self.tree.run(shutil.which("ninja"), "-C", self.tree.root / "b").check_returncode()
        return self.tree.run("scripts/tidy", self.tree.root / "b")

    def test_what_was_accepted_is_looked_at_again_only_when_it_or_its_headers_change(self):
        looked = "tidy [1/1] samples/one.cpp: accepted"
        first = self.tidy()
        self.assertEqual((first.returncode, first.stdout), (0, f"{looked}\nclang-tidy: 1 files accepted, 0 not\n"), first.stderr)
        self.assertEqual(self.tidy().stdout, "clang-tidy: 1 files accepted, 0 not\n")
        self.tree.write("samples/counter.h", HEADER + "// more\n")
        self.assertIn(looked, self.tidy().stdout)
        self.tree.write(".clang-tidy", (self.tree.root / ".clang-tidy").read_text() + "# more\n")
        self.assertIn(looked, self.tidy().stdout)

    def test_names_that_break_the_style_are_objected_to_every_time(self):
        self.tree.write("samples/counter.h", HEADER.replace("last_", "m_last"))
        self.tree.write("samples/one.cpp", SOURCE.replace("once", "runOnce") + "template <class t> t same(t v) { return v; }\n")
        for _ in range(2):
            done = self.tidy()
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stdout.splitlines()[-1], "clang-tidy: 0 files accepted, 1 not")
            for said in ["private member 'm_last'", "function 'runOnce'", "template parameter 't'"]:
                self.assertIn(said, done.stdout)


if __name__ == "__main__":
    unittest.main()
