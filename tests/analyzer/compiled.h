// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What clang itself says of a source, beside what the analyzer says: the oracles' input.
#pragma once

#include <string>

namespace coroscope::tests {

struct compiler_words {
  std::string record;     ///< YAML, of CoroSplit
  std::string debug_info; ///< of O0, as llvm-dwarfdump prints it; else empty
};

/// Compiles the source at "O0" or "O2" with its own flags, each once. Requires that it compiles.
const compiler_words &compiled(const std::string &source, const std::string &level);

} // namespace coroscope::tests
