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
target_link_libraries(consumer PRIVATE coroscope::runtime)
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

# A program whose loop asks for io_uring, and says what it got.
RING = {
    "CMakeLists.txt": CONSUMER["CMakeLists.txt"].replace("consumer", "ring"),
    "main.cpp": """#include <coroscope/event_loop.h>
#include <coroscope/io_backend.h>
#include <coroscope/unix_stream.h>
#include <array>
#include <cstdio>
coroscope::task<char> one_byte() {
  auto [one, other] = coroscope::unix_stream::pair();
  co_await one.write_all("x");
  std::array<char, 8> buffer;
  co_await other.read_some(buffer);
  co_return buffer[0];
}
int main() {
  coroscope::event_loop loop(coroscope::event_loop::time_source::steady_clock, coroscope::io_backend::io_uring);
  std::printf("%c by %s\\n", loop.run(one_byte()), name_of(loop.backend()).data());
}
""",
}

# A program that knows nothing of coroscope.
FOREIGN = {
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(foreign CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(coroscope REQUIRED)
add_executable(app app.cpp)
target_link_libraries(app PRIVATE coroscope::trace)
add_executable(app_lto app.cpp)
target_link_libraries(app_lto PRIVATE coroscope::trace)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set_target_properties(app_lto PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
endif()
""",
    "app.cpp": """#include <coroutine>
#include <cstdio>
struct fire {
  struct promise_type {
    fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
std::coroutine_handle<> waiting;
struct parked {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiting = handle; }
  void await_resume() {}
};
fire work() {
  co_await parked{};
  std::puts("resumed");
}
int main(int count, char **) {
  work();
  waiting();
  return count - 1;
}
""",
}


def finished(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)


def run(*command, **options):
    done = finished(*command, **options)
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
        for project, files in {"consumer": CONSUMER, "ring": RING, "foreign": FOREIGN}.items():
            (cls.folder / project).mkdir()
            for name, text in files.items():
                (cls.folder / project / name).write_text(text)
        cls.consumer = cls.folder / "consumer"

    def build(self, project, compiler, package):
        build = self.folder / f"{project}-{compiler}-{package.name}"
        run("cmake", "-S", self.folder / project, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={package}",
            f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=Release")
        run("ninja", "-C", build)
        return build

    def test_a_consumer_builds_and_runs_with_either_compiler_and_without_llvm(self):
        for compiler in ["clang++-22", "g++"]:
            with self.subTest(compiler):
                program = self.build("consumer", compiler, self.prefix) / "consumer"
                self.assertEqual(run(program), "42\n")
                self.assertNotRegex(run("ldd", program), "LLVM|clang")

    def test_a_consumer_has_io_uring_where_the_library_has_it_and_needs_no_liburing(self):
        objects = run("ar", "t", next(self.prefix.glob("lib/**/libcoroscope_runtime.a")))
        for compiler in ["clang++-22", "g++"]:
            with self.subTest(compiler):
                program = self.build("ring", compiler, self.prefix) / "ring"
                self.assertNotIn("liburing", run("ldd", program))
                done = finished(program)
                refused = "io_uring" in done.stderr  # by the kernel, or the library was built without it
                self.assertEqual((done.returncode, done.stdout), (0, f"x by {'epoll' if refused else 'io_uring'}\n"))
                if not refused:
                    self.assertIn("io_uring_poller", objects)

    def test_a_foreign_program_is_traced_once_it_links_coroscope_trace(self):
        for package in [self.prefix, BUILD]:
            with self.subTest(package):
                for name in ["app", "app_lto"]:
                    program = self.build("foreign", "clang++-22", package) / name
                    self.assertEqual(run(program), "resumed\n")
                    self.assertRecords(package / "bin/coroscope", program)

    def test_a_foreign_program_that_another_compiler_builds_runs_and_is_said_to_record_nothing(self):
        program = self.build("foreign", "g++", self.prefix) / "app"
        file = self.folder / "gcc.corotrace"
        done = finished(self.prefix / "bin/coroscope", "record", "-o", file, "--", program)
        self.assertEqual((done.returncode, done.stdout), (2, "resumed\n"))
        self.assertIn("recorded nothing", done.stderr)
        self.assertFalse(file.exists())

    def test_the_flags_make_a_traced_program_in_any_folder_with_any_shell(self):
        tool, place = self.prefix / "bin/coroscope", self.folder / "by hand"
        place.mkdir()
        shutil.copy(self.folder / "foreign/app.cpp", place)
        run("sh", "-c", f'clang++-22 -std=c++20 $("{tool}" flags --cxxflags) app.cpp $("{tool}" flags --ldflags) -o app',
            cwd=place)
        self.assertRecords(tool, place / "app")
        run("sh", "-c", f'clang++-22 -std=c++20 $("{tool}" flags --cxxflags) -g0 app.cpp $("{tool}" flags --ldflags)',
            cwd=place)
        run("./a.out", cwd=place, env={**os.environ, "COROSCOPE_TRACE": "no-g.corotrace"})
        done = finished(tool, "trace", "no-g.corotrace", cwd=place)
        self.assertRegex(done.stdout, r"work#1 +resumed at S1 +app.cpp\n")
        self.assertEqual(done.stderr.count("compiled without -g"), 1)

    def test_flags_that_a_shell_would_split_are_refused(self):
        moved = self.folder / "with a blank"
        shutil.copytree(self.prefix, moved)
        done = finished(moved / "bin/coroscope", "flags", "--ldflags")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("would not keep", done.stderr)

    def assertRecords(self, tool, program):
        file = self.folder / "app.corotrace"
        done = finished(tool, "record", "-o", file, "--", program, "an argument", "another", "")
        self.assertEqual((done.returncode, done.stdout), (3, "resumed\n"), done.stderr)
        self.assertIn("coroscope trace", done.stderr)
        self.assertRegex(run(tool, "trace", file), r"work#1 +resumed at S1 .*app\.cpp:19")

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
