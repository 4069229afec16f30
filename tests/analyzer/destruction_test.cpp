// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a report says that destroy() runs is what it runs: the programs of destruction/ are built, destroy a coroutine
// at each of its points and print each destructor with the line of its object.
//
//   program --clang++--> printed lines == suspend_point::destroyed <--analyze()-- program
#include "run_program.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

namespace coroscope::tests {
namespace {

/// "in NAME at LINE", the destructors, "end".
struct printed_destruction {
  std::string coroutine, at;
  std::vector<std::string> lines;
};

std::vector<printed_destruction> run(const std::string &source, const std::string &level) {
  const std::string program = (std::filesystem::temp_directory_path() / ("coroscope_destruction_" + level)).string();
  const test::program_result built =
      test::run_program({"/usr/bin/env", "clang++-22", "-std=c++20", "-w", level, source, "-o", program});
  INFO(built.err);
  REQUIRE(built.status == 0);
  const test::program_result result = test::run_program({program});
  REQUIRE(result.status == 0);
  std::filesystem::remove(program);
  std::vector<printed_destruction> printed;
  std::istringstream stream(result.out);
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("in ")) {
      const std::size_t at = line.find(" at ");
      printed.push_back({line.substr(3, at - 3), line.substr(at + 4), {}});
      inside = true;
    } else if (line == "end") {
      inside = false;
    } else if (inside) {
      printed.back().lines.push_back(line);
    }
  }
  return printed;
}

bool is_at(const suspend_point &point, const std::string &at) {
  if (point.kind == suspend_kind::initial || point.kind == suspend_kind::final)
    return at == (point.kind == suspend_kind::initial ? "initial" : "final");
  return at == std::to_string(point.where.begin.line);
}

/// "logged 12": the class and the line of the object; promise, parameters and the implicit awaiters print no line.
std::string printed_by(const destruction &one) {
  const std::size_t name = one.destructor.rfind('~') + 1;
  std::string line = one.destructor.substr(name, one.destructor.find('(', name) - name);
  const bool has_line = one.object != "promise" && one.object != "result of get_return_object" &&
                        !one.object.starts_with("parameter copy") && line != "named_suspend";
  if (has_line && one.place)
    line += " " + std::to_string(one.place->begin.line);
  return line;
}

int elements_of(const destruction &one) {
  const std::size_t comma = one.object.rfind(", ");
  const bool is_array = comma != std::string::npos && one.object.ends_with(" elements");
  return is_array ? std::stoi(one.object.substr(comma + 2)) : 1;
}

/// What is "if made" may be missing.
void check(const printed_destruction &printed, const suspend_point &point) {
  auto line = printed.lines.begin();
  for (const destruction &one : point.destroyed)
    for (int i = 0; i < elements_of(one); ++i) {
      const bool matches = line != printed.lines.end() && *line == printed_by(one);
      INFO("line " << line - printed.lines.begin() << ", " << one.object);
      CHECK((matches || one.object.ends_with(", if made")));
      line += matches ? 1 : 0;
    }
  CHECK(line == printed.lines.end());
}

} // namespace

TEST_CASE("destroy() runs the destructors that the report lists, in that order") {
  const std::string source =
      GENERATE(as<std::string>(), "tests/analyzer/destruction/scopes.cpp", "tests/analyzer/destruction/temporaries.cpp",
               "tests/analyzer/destruction/parts_and_branches.cpp");
  const std::string level = GENERATE(as<std::string>(), "-O0", "-O2");
  const report &report = analyzed(source);
  const std::vector<printed_destruction> all = run(source, level);
  CHECK(all.size() > 30);
  for (const printed_destruction &printed : all) {
    INFO(source << " " << level << ": " << printed.coroutine << " at " << printed.at);
    const auto known = std::ranges::find_if(report.coroutines, [&](const coroutine &candidate) {
      return candidate.name.starts_with(printed.coroutine + "(");
    });
    REQUIRE(known != report.coroutines.end());
    const auto point = std::ranges::find_if(
        known->suspend_points, [&](const suspend_point &candidate) { return is_at(candidate, printed.at); });
    REQUIRE(point != known->suspend_points.end());
    check(printed, *point);
  }
}

} // namespace coroscope::tests
