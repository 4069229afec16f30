// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a source file is compiled: its driver command.
//
//   compile_commands.json | flags after "--" | defaults --find_command()--> compile_command --driver.h-->
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
  std::vector<std::string> notes;     ///< what the reader must know of where they come from
  bool may_leave_out = false;         ///< it was made for another compiler: flags that clang does not know can go
  std::string problem;                ///< why the file cannot be compiled with it; "" where it can
};

/// Where commands come from, as the user said.
struct command_source {
  std::optional<std::string> build_directory;    ///< of -p: has a compile_commands.json
  std::optional<std::vector<std::string>> fixed; ///< what stood behind "--"
  std::vector<std::string> extra;                ///< each --extra-arg, appended
  std::vector<std::string> defaults;             ///< used where neither a data base nor fixed flags are given
};

/// One command for each of `files`, or, where none is named, for each C++ file of the data base in its order. Of
/// several entries for one file the first counts, and a note says so. Error: a sentence for the user (no such data
/// base, file not in it).
std::expected<std::vector<compile_command>, std::string> find_commands(const std::vector<std::string> &files,
                                                                       const command_source &source);

} // namespace coroscope::frontend
