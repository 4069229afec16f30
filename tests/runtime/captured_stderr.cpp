// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Standard error goes to a temporary file and back.
#include "captured_stderr.h"
#include <cstdio>
#include <unistd.h>

namespace coroscope::testing {

std::string captured_stderr(const std::function<void()> &while_running) {
  std::fflush(stderr);
  std::FILE *file = std::tmpfile();
  const int before = ::dup(STDERR_FILENO);
  ::dup2(::fileno(file), STDERR_FILENO);
  const auto restore = [&] {
    std::fflush(stderr);
    ::dup2(before, STDERR_FILENO);
    ::close(before);
  };
  try {
    while_running();
  } catch (...) {
    restore();
    std::fclose(file);
    throw;
  }
  restore();
  std::rewind(file);
  std::string text;
  for (int byte; (byte = std::fgetc(file)) != EOF;)
    text += static_cast<char>(byte);
  std::fclose(file);
  return text;
}

} // namespace coroscope::testing
