// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a source file is compiled: its driver command, and the front-end arguments that the driver makes of it for a
// level.
//
//   compile_commands.json | flags after "--" | defaults --find_command()--> compile_command --cc1_arguments(level)-->
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::frontend {

struct compile_command {
  std::string directory;              ///< where it runs
  std::string file;                   ///< as given
  std::vector<std::string> arguments; ///< driver arguments, the program first; no level, no output, no source file
  std::string note;                   ///< what the reader must know of where they come from; may be empty
};

/// Where commands come from, as the user said.
struct command_source {
  std::optional<std::string> build_directory;    ///< of -p: has a compile_commands.json
  std::optional<std::vector<std::string>> fixed; ///< what stood behind "--"
  std::vector<std::string> extra;                ///< each --extra-arg, appended
  std::vector<std::string> defaults;             ///< used where neither a data base nor fixed flags are given
};

/// The driver that commands are run with: clang++-22 on PATH, else where LLVM 22 is installed.
/// Error: a sentence that says what is missing and how to get it.
std::expected<std::string, std::string> find_driver();

/// Error: a sentence for the user (no such data base, file not in it).
std::expected<compile_command, std::string> find_command(const std::string &file, const command_source &source);

/// The arguments of the driver call for `level` ("O0" …), the source file last, made to carry debug info and value
/// names.
std::vector<std::string> driver_arguments(const compile_command &command, const std::string &level);

/// What the driver passes to `clang -cc1` for these arguments. Error: the driver's own message.
std::expected<std::vector<std::string>, std::string> cc1_arguments(const std::vector<std::string> &driver_arguments);

} // namespace coroscope::frontend
