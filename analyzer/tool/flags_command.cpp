// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a build system gives to clang so that a program can be traced, as one line for $(…).
//
//   where the tool's files are --> "-g -fpass-plugin=… -I…" | "….a -pthread -Wl,…"
#include "tool/commands.h"
#include "tool/console.h"
#include "tool/paths.h"

#include <string_view>

namespace coroscope::tool {
namespace {

std::vector<std::string> compile_flags() {
  return {"-g", "-fpass-plugin=" + pass_plugin().string(), "-I" + include_directory().string()};
}

std::vector<std::string> link_flags() {
  std::vector<std::string> flags = {trace_library().string(), "-pthread"};
  for (const std::string &flag : trace_link_flags())
    flags.push_back(flag);
  return flags;
}

/// A shell splits what $(…) gives at blanks and takes *, ? and [ for patterns; no quoting would help.
bool survives_substitution(std::string_view flag) { return flag.find_first_of(" \t\n*?[\\") == std::string_view::npos; }

} // namespace

int flags_command(const std::vector<std::string> &words) {
  const auto options = parse_options(words, {{"--cxxflags", false}, {"--ldflags", false}});
  if (!options)
    return fail(options.error() + " (see coroscope flags --help)");
  if (options->has("--cxxflags") == options->has("--ldflags") || !options->operands.empty())
    return fail("say which flags: coroscope flags --cxxflags, or coroscope flags --ldflags");
  std::string line;
  for (const std::string &flag : options->has("--cxxflags") ? compile_flags() : link_flags()) {
    if (!survives_substitution(flag))
      return fail("'" + flag +
                  "' has a character that $(…) would not keep; install coroscope under a path without "
                  "blanks, or use its CMake package, which takes any path");
    line += (line.empty() ? "" : " ") + flag;
  }
  return print(line + "\n");
}

} // namespace coroscope::tool
