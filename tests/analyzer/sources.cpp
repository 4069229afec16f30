// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sources.h"

#include <catch2/catch.hpp>

#include <algorithm>

namespace coroscope::tests {
namespace {

std::vector<std::string> sources_below(const std::string &folder) {
  std::vector<std::string> found;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(source_root() / folder))
    if (entry.path().extension() == ".cpp")
      found.push_back(entry.path().lexically_relative(source_root()).string());
  std::ranges::sort(found);
  return found;
}

} // namespace

std::filesystem::path source_root() { return COROSCOPE_SOURCE_DIR; }

std::vector<std::string> golden_sources() { return sources_below("tests/golden"); }

std::vector<std::string> all_sources() {
  std::vector<std::string> sources = golden_sources();
  for (const std::string &sample : sources_below("samples"))
    sources.push_back(sample);
  return sources;
}

report analyzed(const std::string &source, std::vector<std::string> levels) {
  std::filesystem::current_path(source_root());
  auto result = analyze({.files = {source},
                         .levels = std::move(levels),
                         .commands = {.defaults = {"-std=c++20", "-isystem", COROSCOPE_INCLUDE_DIR}}});
  INFO(source);
  if (!result)
    FAIL(result.error());
  for (const unit &unit : result->units)
    for (const diagnostic &diagnostic : unit.diagnostics)
      INFO(diagnostic.message);
  REQUIRE(std::ranges::none_of(result->units, failed));
  return std::move(*result);
}

} // namespace coroscope::tests
