// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What README.md shows of the tool is what the tool prints. In a block of ```console each "$ coroscope …" is followed
// by its output; a line "…" there stands for lines that are left out.
#include "run_program.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

namespace coroscope::tests {
namespace {

struct example {
  std::vector<std::string> words;
  std::vector<std::string> lines; ///< of the output
};

std::vector<example> examples_in(const std::filesystem::path &file) {
  std::vector<example> found;
  std::ifstream stream(file);
  bool is_inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("```")) {
      is_inside = line == "```console";
      continue;
    }
    if (!is_inside)
      continue;
    if (line.starts_with("$ coroscope ")) {
      std::istringstream words(line.substr(12));
      example &one = found.emplace_back();
      for (std::string word; words >> word;)
        one.words.push_back(word);
    } else if (!found.empty()) {
      found.back().lines.push_back(line);
    }
  }
  return found;
}

/// Whether `printed` are the lines `shown`, with any lines where those have "…".
bool fits(std::span<const std::string> shown, std::span<const std::string> printed) {
  if (shown.empty())
    return printed.empty();
  if (shown.front() != "…")
    return !printed.empty() && shown.front() == printed.front() && fits(shown.subspan(1), printed.subspan(1));
  for (std::size_t skipped = 1; skipped <= printed.size(); ++skipped)
    if (fits(shown.subspan(1), printed.subspan(skipped)))
      return true;
  return false;
}

} // namespace

TEST_CASE("README shows what the tool prints") {
  std::filesystem::current_path(COROSCOPE_SOURCE_DIR);
  const std::vector<example> examples = examples_in("README.md");
  CHECK(examples.size() >= 4);
  for (const example &one : examples) {
    std::vector<std::string> words = one.words;
    words.insert(words.begin(), COROSCOPE_TOOL);
    const test::program_result result = test::run_program(words);
    std::istringstream stream(result.out);
    std::vector<std::string> printed;
    for (std::string line; std::getline(stream, line);) {
      if (!line.empty()) // README leaves empty lines out
        printed.push_back(line);
    }
    INFO("coroscope " << one.words.front() << "\n" << result.out << result.err);
    CHECK(fits(one.lines, printed));
  }
}

} // namespace coroscope::tests
