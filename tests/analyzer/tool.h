// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tool as a test calls it.
//
//   words, sources of a test's own --coroscope()--> exit code, stdout, stderr
#pragma once

#include "run_program.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace coroscope::tests {

using test::fresh_file;
using test::program_result;

inline program_result coroscope(std::vector<std::string> words) {
  words.insert(words.begin(), COROSCOPE_TOOL);
  return test::run_program(words);
}

inline std::string sample(const std::string &name) { return COROSCOPE_SOURCE_DIR "/samples/" + name; }

/// A source file of this content, for this call alone.
inline std::string source(const std::string &content) {
  std::string file = fresh_file("source.cpp");
  std::ofstream(file) << content;
  return file;
}

inline std::string content(const std::string &file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// What sources of programs begin with: `park()` is a coroutine that nobody resumes.
inline constexpr const char *support =
    "#include \"" COROSCOPE_SOURCE_DIR "/tests/golden/support.h\"\n"
    "#include <csignal>\n#include <cstdio>\n#include <cstdlib>\n#include <unistd.h>\n"
    "struct parked { bool await_ready() { return false; }\n"
    "  void await_suspend(std::coroutine_handle<>) {} void await_resume() {} };\n"
    "fire park() { co_await parked{}; }\n";

} // namespace coroscope::tests
