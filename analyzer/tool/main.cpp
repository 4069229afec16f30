// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line's first word chooses the subcommand.
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/help.h"

#include <algorithm>
#include <cstdio>
#include <exception>

namespace coroscope::tool {
namespace {

int help(const std::string &command) {
  const std::string text = help_text(command);
  if (text.empty())
    return fail("no command '" + command + "'; coroscope --help lists them");
  std::fputs(text.c_str(), stdout);
  return success;
}

/// "--help" counts only where it is ours: not behind "--".
bool asks_for_help(const std::vector<std::string> &words) {
  const auto end = std::ranges::find(words, "--");
  return std::find(words.begin(), end, "--help") != end || std::find(words.begin(), end, "-h") != end;
}

int dispatch(const std::vector<std::string> &words) {
  if (words.empty()) {
    std::fputs(help_text("").c_str(), stderr);
    return environment_error;
  }
  const std::string &command = words.front();
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (command == "--help" || command == "-h" || command == "help")
    return help(rest.empty() ? "" : rest.front());
  if (command == "--version") {
    std::puts("coroscope " COROSCOPE_VERSION);
    return success;
  }
  if (asks_for_help(rest))
    return help(command);
  if (command == "dis")
    return dis_command(rest);
  if (command == "diff")
    return diff_command(rest);
  if (command == "check")
    return check_command(rest);
  if (command == "run")
    return run_command(rest);
  if (command == "record")
    return record_command(rest);
  if (command == "flags")
    return flags_command(rest);
  if (command == "trace")
    return trace_command(rest);
  if (command == "report")
    return report_command(rest);
  return fail("no command '" + command + "'; coroscope --help lists them");
}

} // namespace
} // namespace coroscope::tool

int main(int count, char **words) {
  try {
    const int code = coroscope::tool::dispatch({words + 1, words + count});
    return std::fflush(stdout) == 0 ? code : coroscope::tool::fail("cannot write to stdout");
  } catch (const std::exception &error) {
    return coroscope::tool::fail(std::string("this should not have happened: ") + error.what());
  }
}
