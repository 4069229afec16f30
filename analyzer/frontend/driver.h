// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What clang's driver makes of a command: the arguments of the compiler proper.
//
//   compile_command, level --driver_arguments()--> driver's arguments --ask_driver()--> arguments of `clang -cc1`
#pragma once

#include "frontend/command.h"

#include <expected>
#include <string>
#include <vector>

namespace coroscope::frontend {

/// The driver that commands are run with: clang++-22 on PATH, else where LLVM 22 is installed.
/// Error: a sentence that says what is missing and how to get it.
std::expected<std::string, std::string> find_driver();

/// The arguments of the driver call for `level` ("O0" …), the source file last, made to carry debug info and value
/// names.
std::vector<std::string> driver_arguments(const compile_command &command, const std::string &level);

struct driver_answer {
  std::vector<std::string> arguments; ///< of `clang -cc1`
  std::vector<std::string> known;     ///< the command's own, without those left out
  std::vector<std::string> left_out;  ///< flags that clang does not know, where the command allows to leave them out
};

/// Error: the driver's own message.
std::expected<driver_answer, std::string> ask_driver(const compile_command &command, const std::string &level);

} // namespace coroscope::frontend
