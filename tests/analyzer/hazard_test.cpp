// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No false alarm: what the house itself writes gives no warning, but for frames that are large on purpose; nor does
// correct code that looks like a mistake.
#include "sources.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace coroscope::tests {
namespace {

bool has_coroutine(const std::filesystem::path &file) {
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return text.find("co_await") != std::string::npos || text.find("co_return") != std::string::npos ||
         text.find("co_yield") != std::string::npos;
}

} // namespace

TEST_CASE("correct code has no hazards") {
  const std::string source = GENERATE(as<std::string>(), "borrowed.cpp", "guards.cpp", "loops.cpp");
  analysis_request request{.files = {(source_root() / "tests/analyzer/hazards" / source).string()}};
  request.commands.fixed = {"-std=c++20"};
  const auto report = analyze(request);
  REQUIRE(report);
  REQUIRE(report->coroutines.size() > 5);
  for (const hazard &hazard : report->hazards) {
    INFO(source << ":" << hazard.where.begin.line << ": " << hazard.message);
    CHECK(hazard.name == "none");
  }
}

TEST_CASE("the samples and the runtime's sources have no hazards") {
  std::size_t files = 0;
  for (const std::string folder : {"samples", "runtime/src"})
    for (const auto &entry : std::filesystem::directory_iterator(source_root() / folder)) {
      if (entry.path().extension() != ".cpp" || !has_coroutine(entry.path()))
        continue;
      analysis_request request{.files = {entry.path().string()}};
      request.commands.fixed = {"-std=c++20", "-isystem", COROSCOPE_INCLUDE_DIR};
      const auto report = analyze(request);
      REQUIRE(report);
      ++files;
      for (const hazard &hazard : report->hazards) {
        INFO(entry.path() << ": " << hazard.message);
        CHECK(hazard.name == "frame-over-page");
      }
    }
  CHECK(files > 10);
}

} // namespace coroscope::tests
