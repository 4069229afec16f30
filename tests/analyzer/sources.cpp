// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sources.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

namespace coroscope::tests {
namespace {

std::vector<std::string> sources_below(const std::filesystem::path &folder) {
  std::vector<std::string> found;
  if (!std::filesystem::is_directory(source_root() / folder))
    return found;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(source_root() / folder))
    if (entry.path().extension() == ".cpp")
      found.push_back(entry.path().lexically_relative(source_root()).string());
  std::ranges::sort(found);
  return found;
}

std::string wanted_topic() {
  const char *topic = std::getenv("COROSCOPE_TOPIC");
  return topic ? topic : "";
}

report fresh_report(const std::string &source, const std::vector<std::string> &levels) {
  std::filesystem::current_path(source_root());
  auto result = analyze({.files = {source}, .levels = levels, .commands = {.defaults = flags_of(source)}});
  INFO(source);
  if (!result)
    FAIL(result.error());
  for (const unit &unit : result->units)
    for (const diagnostic &diagnostic : unit.diagnostics)
      UNSCOPED_INFO(diagnostic.message);
  REQUIRE(std::ranges::none_of(result->units, failed));
  return std::move(*result);
}

} // namespace

std::filesystem::path source_root() { return COROSCOPE_SOURCE_DIR; }

std::vector<std::string> golden_sources() {
  return sources_below(std::filesystem::path("tests/golden") / wanted_topic());
}

std::vector<std::string> all_sources() {
  std::vector<std::string> sources = golden_sources();
  std::erase_if(sources, [](const std::string &source) { return source.starts_with("tests/golden/errors/"); });
  if (const std::string topic = wanted_topic(); topic.empty() || topic == "samples")
    std::ranges::copy(sources_below("samples"), std::back_inserter(sources));
  return sources;
}

std::vector<std::vector<std::string>> questions_in(const std::string &source) {
  constexpr std::string_view mark = "// coroscope: ";
  std::vector<std::vector<std::string>> questions;
  std::ifstream lines(source_root() / source);
  for (std::string line; std::getline(lines, line) && line.starts_with("//");) {
    if (!line.starts_with(mark))
      continue;
    std::istringstream stream(line.substr(mark.size()));
    questions.push_back({std::istream_iterator<std::string>(stream), {}});
  }
  return questions;
}

std::vector<std::string> flags_of(const std::string &source) {
  for (const std::vector<std::string> &question : questions_in(source))
    if (const auto mark = std::ranges::find(question, "--"); mark != question.end())
      return {std::next(mark), question.end()};
  return {"-std=c++20", "-isystem", COROSCOPE_INCLUDE_DIR};
}

const report &analyzed(const std::string &source) {
  static std::map<std::string, report> reports;
  const auto known = reports.find(source);
  return known != reports.end() ? known->second
                                : reports.emplace(source, fresh_report(source, {"O0", "O2"})).first->second;
}

report analyzed_at_the_other_levels(const std::string &source) {
  return fresh_report(source, {"O1", "O3", "Os", "Oz"});
}

} // namespace coroscope::tests
