// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tests/golden/<topic>/<claim>.cpp has beside it, as <claim>.txt, what the tool prints of it. A line "// coroscope: dis
// --why=n" at the top of the source says what is asked; there may be several; without one it is "dis". What stands
// behind " -- " are compile flags. COROSCOPE_UPDATE=1 writes the texts anew, to be reviewed with git diff.
//
//   source --its questions--> coroscope --stdout, stderr, exit code--> text == <claim>.txt
#include "run_program.h"
#include "sources.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace coroscope::tests {
namespace {

std::string content(const std::filesystem::path &file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// What is asked of the tool; the file stands where the questions leave off or before the compile flags.
std::vector<std::vector<std::string>> questions_about(const std::string &source) {
  std::vector<std::vector<std::string>> questions = questions_in(source);
  for (std::vector<std::string> &question : questions)
    question.insert(std::ranges::find(question, "--"), source);
  if (questions.empty())
    questions.push_back({"dis", source});
  return questions;
}

std::string answer(std::vector<std::string> question, bool with_question) {
  std::string text;
  if (with_question) {
    for (const std::string &word : question)
      text += (text.empty() ? "$ coroscope " : " ") + word;
    text += "\n";
  }
  question.insert(question.begin(), COROSCOPE_TOOL);
  const test::program_result result = test::run_program(question);
  text += result.out + result.err;
  if (result.status != 0)
    text += result.status ? "exit code " + std::to_string(*result.status) + "\n"
                          : "signal " + std::to_string(result.signal) + "\n";
  return text;
}

} // namespace

TEST_CASE("each golden source has the answers that stand beside it", "[sources][golden]") {
  const std::string source = GENERATE(from_range(golden_sources()));
  std::filesystem::current_path(source_root());
  std::filesystem::path expected = source_root() / source;
  expected.replace_extension(".txt");
  const std::vector<std::vector<std::string>> questions = questions_about(source);
  std::string text;
  for (const std::vector<std::string> &question : questions)
    text += (text.empty() ? "" : "\n") + answer(question, questions.size() > 1);
  if (std::getenv("COROSCOPE_UPDATE")) {
    std::ofstream(expected, std::ios::binary) << text;
    return;
  }
  INFO(source << ": run with COROSCOPE_UPDATE=1 and review the difference if the change is meant");
  CHECK(text == content(expected));
}

} // namespace coroscope::tests
