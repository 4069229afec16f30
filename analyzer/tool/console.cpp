// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/console.h"

#include <cstdio>
#include <unistd.h>

namespace coroscope::tool {
namespace {

bool line_stands = false;

void clear_line() {
  if (line_stands)
    std::fputs("\r\033[K", stderr);
  line_stands = false;
}

} // namespace

int fail(const std::string &message) {
  clear_line();
  std::fprintf(stderr, "coroscope: error: %s\n", message.c_str());
  return environment_error;
}

int print(const std::string &output) {
  if (std::fwrite(output.data(), 1, output.size(), stdout) != output.size() || std::fflush(stdout) != 0)
    return fail("cannot write to stdout");
  return success;
}

void say(const std::string &message) {
  clear_line();
  std::fprintf(stderr, "coroscope: %s\n", message.c_str());
}

void progress(const std::string &what) {
  static const bool is_terminal = isatty(STDERR_FILENO) != 0;
  if (!is_terminal)
    return;
  clear_line();
  if (what.empty())
    return;
  std::fprintf(stderr, "coroscope: %s …", what.c_str());
  std::fflush(stderr);
  line_stands = true;
}

} // namespace coroscope::tool
