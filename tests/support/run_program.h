// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a program to its end.
//
//   arguments, COROSCOPE_TRACE --run_program()--> exit status or signal, stdout, stderr
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace coroscope::test {

struct program_result {
  std::optional<int> status; ///< absent where a signal ended it
  int signal = 0;
  int pid = 0;
  std::string out;
  std::string err;
};

/// `trace` becomes COROSCOPE_TRACE; without it the variable is unset.
program_result run_program(const std::vector<std::string> &arguments, const std::optional<std::string> &trace = {});

/// A path in the directory where the test program began, for this call alone; what stands there when the test program
/// ends is removed.
std::string fresh_file(const std::string &name);

} // namespace coroscope::test
