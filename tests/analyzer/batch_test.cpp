// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Several units in one call: what one does to the others, which is nothing.
#include "analyze.h"
#include "batch.h"
#include "render/json.h"
#include "run_program.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

namespace coroscope::tests {
namespace {

using namespace std::chrono_literals;

/// A folder for one test; files in it by name.
class project {
public:
  std::string add(const std::string &name, const std::string &content) const {
    const std::filesystem::path file = std::filesystem::path(folder_) / name;
    std::ofstream(file) << "#include \"" << (source_root() / "tests/golden/support.h").string() << "\"\n" << content;
    return file.string();
  }

private:
  std::string folder_ = [] {
    std::string folder = test::fresh_file("project");
    std::filesystem::create_directories(folder);
    return folder;
  }();
};

constexpr const char *good = "fire good(int n) { co_await std::suspend_always{}; (void)n; }\n";

report analyzed_files(const std::vector<std::string> &files, isolation limits = {}) {
  auto result = analyze({.files = files, .commands = {.fixed = {{"-std=c++20"}}}, .limits = limits});
  if (!result)
    FAIL(result.error());
  return std::move(*result);
}

bool says(const unit &unit, const std::string &words) {
  return std::ranges::any_of(unit.diagnostics, [&](const diagnostic &diagnostic) {
    return diagnostic.message.find(words) != std::string::npos;
  });
}

} // namespace

TEST_CASE("a file that the compiler crashes on says how, and the others are analysed") {
  const project project;
  const auto [line, words] = GENERATE(table<std::string, std::string>({
      {"#pragma clang __debug crash\n", "the compiler crashed on this file with SIG"},
      {"#pragma clang __debug llvm_fatal_error\n", "LLVM ERROR: #pragma clang __debug llvm_fatal_error"},
      {"#error no\n", "no"},
  }));
  const std::string first = project.add("first.cpp", good);
  const std::string bad = project.add("bad.cpp", line + good);
  const std::string last = project.add("last.cpp", good);
  const report report = analyzed_files({first, bad, last}, {.jobs = 2, .timeout = 300s});
  REQUIRE(report.units.size() == 3);
  INFO(words);
  CHECK(!failed(report.units[0]));
  CHECK(failed(report.units[1]));
  CHECK(says(report.units[1], words));
  CHECK(!failed(report.units[2]));
  REQUIRE(report.coroutines.size() == 2);
  CHECK(report.coroutines[0].units == std::vector{unit_id{0}});
  CHECK(report.coroutines[1].units == std::vector{unit_id{2}});
}

TEST_CASE("a crash names the place that the compiler was at") {
  const project project;
  const report report = analyzed_files({project.add("bad.cpp", "#pragma clang __debug crash\n")});
  CHECK(says(report.units[0], "bad.cpp:2:"));
}

TEST_CASE("a file that takes too long is given up") {
  const project project;
  const std::string endless = project.add("endless.cpp", "constexpr int turn() { int n = 0;\n"
                                                         "  for (unsigned i = 0; i != 4000000000u; ++i) n ^= 1;\n"
                                                         "  return n; }\n"
                                                         "constexpr int n = turn();\n");
  auto result = analyze({.files = {endless, project.add("good.cpp", good)},
                         .commands = {.fixed = {{"-std=c++20", "-fconstexpr-steps=4294967295"}}},
                         .limits = {.timeout = 3s}});
  REQUIRE(result);
  CHECK(says(result->units[0], "stopped after 3 seconds; --timeout=SECONDS"));
  CHECK(!failed(result->units[1]));
}

TEST_CASE("the report is the same however many files are analysed at a time") {
  const project project;
  std::vector<std::string> files;
  for (const std::string name : {"a", "b", "c", "d", "e"})
    files.push_back(
        project.add(name + ".cpp", "fire " + name + "() { co_await std::suspend_always{}; }\n" + std::string(good)));
  const std::string one = render::json(analyzed_files(files, {.jobs = 1}), true);
  CHECK(one == render::json(analyzed_files(files, {.jobs = 4}), true));
}

TEST_CASE("a coroutine of a header is listed once with every unit that lowers it the same") {
  const project project;
  project.add("shared.h",
              "#pragma once\n"
              "#ifndef SIZE\n#define SIZE 8\n#endif\n"
              "inline fire shared() { char kept[SIZE]; take(kept); co_await std::suspend_always{}; take(kept); }\n"
              "template <class T> fire made(T value) { co_await std::suspend_always{}; take(&value); }\n");
  const auto unit = [&](const std::string &name, const std::string &before) {
    return project.add(name, "void take(const void *);\n" + before + "#include \"shared.h\"\nvoid use_" +
                                 name.substr(0, 1) + "() { shared(); made(1); }\n");
  };
  const report report = analyzed_files({unit("a.cpp", ""), unit("b.cpp", "#define SIZE 80\n"), unit("c.cpp", "")});
  REQUIRE(report.units.size() == 3);
  REQUIRE(std::ranges::none_of(report.units, failed));
  REQUIRE(report.coroutines.size() == 3);
  CHECK(report.coroutines[0].units == std::vector{unit_id{0}, unit_id{2}});
  CHECK(report.coroutines[1].units == std::vector{unit_id{0}, unit_id{1}, unit_id{2}});
  CHECK(report.coroutines[2].units == std::vector{unit_id{1}});
  REQUIRE(report.units[1].notes.size() == 1);
  CHECK(report.units[1].notes[0].find("is not lowered here as in") != std::string::npos);
  CHECK(report.units[2].notes.empty());
  CHECK(render::read_json(render::json(report, false)).value() == report);
}

} // namespace coroscope::tests
