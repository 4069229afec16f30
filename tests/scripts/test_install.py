# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An installed copy works from its prefix: a consumer builds against it without LLVM, the tool finds what it needs.

COROSCOPE_BUILD_DIR names the build that is installed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["COROSCOPE_BUILD_DIR"])

CONSUMER = {
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(consumer CXX)
set(CMAKE_DISABLE_FIND_PACKAGE_LLVM ON)
find_package(coroscope REQUIRED)
add_executable(consumer main.cpp)
target_link_libraries(consumer PRIVATE coroscope::runtime coroscope::trace)
""",
    "main.cpp": """#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <coroscope/trace.h>
#include <chrono>
#include <cstdio>
coroscope::task<int> answer() {
  co_await coroscope::sleep_for(std::chrono::milliseconds(1));
  co_return coroscope::trace::recording() ? 0 : 42;
}
int main() { std::printf("%d\\n", coroscope::run(answer())); }
""",
}


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class installed_copy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="coroscope-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix, "--strip")
        cls.consumer = cls.folder / "consumer"
        cls.consumer.mkdir()
        for name, text in CONSUMER.items():
            (cls.consumer / name).write_text(text)

    def build_consumer(self, compiler):
        build = self.folder / compiler
        run("cmake", "-S", self.consumer, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={compiler}")
        run("ninja", "-C", build)
        return build / "consumer"

    def test_a_consumer_builds_and_runs_with_either_compiler_and_without_llvm(self):
        for compiler in ["clang++-22", "g++"]:
            with self.subTest(compiler):
                program = self.build_consumer(compiler)
                self.assertEqual(run(program), "42\n")
                self.assertNotRegex(run("ldd", program), "LLVM|clang")

    def test_every_document_and_the_licence_are_there(self):
        documents = self.prefix / "share/doc/coroscope"
        self.assertEqual((documents / "LICENSE").read_bytes(), (ROOT / "LICENSE").read_bytes())
        for document in ROOT.glob("docs/*.md"):
            self.assertTrue((documents / document.name).is_file(), document.name)

    def test_the_tool_analyses_and_runs_from_the_prefix(self):
        place = self.folder / "elsewhere"
        place.mkdir()
        shutil.copy(self.consumer / "main.cpp", place)
        tool = self.prefix / "bin/coroscope"
        listing = run(tool, "dis", "main.cpp", cwd=place)
        self.assertRegex(listing, r"answer\(\)")
        self.assertEqual(run(tool, "run", "main.cpp", "--trace=main.corotrace", cwd=place), "0\n")
        self.assertRegex(run(tool, "trace", "main.corotrace", cwd=place), r"main\.cpp:7")
        run(tool, "report", "main.cpp", "-o", "main.html", cwd=place)
        self.assertIn("coroscope-report/1", (place / "main.html").read_text())

    def test_no_program_or_plugin_holds_a_path_of_the_source_or_build_tree(self):
        programs = [path for path in [*self.prefix.glob("bin/*"), *self.prefix.glob("lib/**/*.so*")] if path.is_file()]
        self.assertTrue(programs)
        for program in programs:
            for tree in [ROOT, BUILD]:
                found = re.search(re.escape(os.fsencode(tree)) + rb"[^\0]*", program.read_bytes())
                self.assertIsNone(found, f"{program.name} holds {found}")

    def test_the_package_files_name_no_path_of_the_source_or_build_tree(self):
        for file in self.prefix.glob("lib/cmake/**/*.cmake"):
            for tree in [ROOT, BUILD]:
                self.assertNotIn(str(tree), file.read_text(), file.name)


if __name__ == "__main__":
    unittest.main()
