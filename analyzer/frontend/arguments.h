// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a command of a build says about how its source is compiled, without what it says about where results go.
//
//   "ccache g++ -O2 -DA -MD -o a.o -c a.cpp" --split_compiler()--> g++ | -O2 … a.cpp --compile_flags()--> -DA
#pragma once

#include <string>
#include <vector>

namespace coroscope::frontend {

/// A command in two parts.
struct split_command {
  std::string compiler;           ///< behind launchers such as ccache; "" where the command is empty
  std::vector<std::string> words; ///< what follows it
};
split_command split_compiler(std::vector<std::string> command);

/// Whether flags that clang does not know are another compiler's own.
bool is_clang(const std::string &compiler);

/// Why clang cannot read the options of such a compiler, in a sentence; "" where it can.
std::string foreign_syntax(const std::string &compiler);

struct flags {
  std::vector<std::string> kept;
  std::vector<std::string> notes; ///< what the reader must know of what is left out
  std::string problem;            ///< why the command cannot be read; "" where it can
};

/// Without inputs and outputs, level, action and the turning of warnings into errors. Expands @FILE, seen from
/// `directory`.
flags compile_flags(std::vector<std::string> words, const std::string &directory);

} // namespace coroscope::frontend
