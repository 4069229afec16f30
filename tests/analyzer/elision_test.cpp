// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ledger against reality: programs that count their allocations must allocate where it says so, and nowhere else.
//
//   elisions/*.cpp --clang++, run--> "function calls allocations" == calls of the function's rows that are not elided
#include "run_program.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

namespace coroscope::tests {
namespace {

std::string output_of(const std::string &source, const std::string &level) {
  const std::string program = test::fresh_file("elision");
  const std::string command =
      "clang++-22 -std=c++20 -" + level + " -o '" + program + "' '" COROSCOPE_SOURCE_DIR "/" + source + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  const test::program_result result = test::run_program({std::filesystem::absolute(program)});
  REQUIRE(result.status == 0);
  return result.out;
}

report ledger_of(const std::string &source, const std::string &level) {
  std::filesystem::current_path(source_root());
  analysis_request request{.files = {source}, .levels = {level}};
  request.commands.fixed = {"-std=c++20"};
  auto result = analyze(request);
  REQUIRE(result);
  return std::move(*result);
}

bool is_call_in(const elision &call, const std::string &function, const std::string &level) {
  return call.level == level && (call.caller == function || call.caller.starts_with(function + "(") ||
                                 call.caller.starts_with(function + "<"));
}

} // namespace

TEST_CASE("the elision ledger says which calls allocate") {
  const std::string source = GENERATE(as<std::string>(), "tests/analyzer/elisions/generators.cpp",
                                      "tests/analyzer/elisions/hidden.cpp", "tests/analyzer/elisions/tasks.cpp");
  const std::string level = GENERATE(as<std::string>(), "O0", "O1", "O2", "O3", "Os");
  const std::string output = output_of(source, level);
  const report report = ledger_of(source, level);
  std::istringstream lines(output);
  std::string function;
  int calls = 0, allocations = 0, functions = 0;
  while (lines >> function >> calls >> allocations) {
    int rows = 0, expected = 0;
    for (const elision &call : report.elisions)
      if (is_call_in(call, function, level)) {
        ++rows;
        expected += call.is_elided ? 0 : calls;
      }
    INFO(source << " at " << level << ": " << function);
    CHECK(rows > 0);
    CHECK(allocations == expected);
    ++functions;
  }
  CHECK(functions >= 5);
}

TEST_CASE("every call of a coroutine has one row at each level", "[sources]") {
  const std::string source = GENERATE(from_range(all_sources()));
  const report &report = analyzed(source);
  for (const elision &call : report.elisions) {
    INFO(source << ": " << call.callee << " in " << call.caller);
    CHECK_FALSE(call.reason.empty());
    const auto is_same = [&](const elision &other) {
      return other.caller == call.caller && other.callee == call.callee && other.call == call.call;
    };
    const auto rows = std::count_if(report.elisions.begin(), report.elisions.end(), is_same);
    CHECK(rows % 2 == 0);
    CHECK(call.is_elided == call.bytes.has_value());
  }
}

} // namespace coroscope::tests
