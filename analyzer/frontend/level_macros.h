// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether a source asks the preprocessor about the optimisation level, in which case one parse cannot serve two levels.
#pragma once

#include "model/report.h"

#include <optional>
#include <string>

namespace clang {
class Preprocessor;
} // namespace clang

namespace coroscope::frontend {

/// The first place where a macro that depends on the level was tested or expanded.
struct level_question {
  std::string macro; ///< "__OPTIMIZE__", "__OPTIMIZE_SIZE__" or "__NO_INLINE__"
  std::string file;
  std::uint32_t line = 0;
};

/// Watches `preprocessor` from now on; `found` is set at most once. Headers of the C library and of the compiler that
/// test these macros only to pick an equivalent definition do not count.
void watch_level_macros(clang::Preprocessor &preprocessor, std::optional<level_question> &found);

} // namespace coroscope::frontend
