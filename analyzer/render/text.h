// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as text, in stable columns, made to be read and to be compared line by line.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// What is long, and so printed on request.
struct text_options {
  bool members = false;  ///< of what lies in the frame
  bool lowered = false;  ///< in place of the tables, the body as the compiler sees it
  bool ir = false;       ///< in place of the tables, IR before and after the split
  bool assembly = false; ///< in place of the tables, that of each function
};

/// `coroscope dis`: every coroutine with its suspend points and, for each level, its frame and functions.
std::string text(const report &report, const text_options &wanted = {});

/// The unit's diagnostics as a compiler prints them, errors only unless `all`.
std::string diagnostics_text(const report &report, const unit &unit, bool all);

} // namespace coroscope::render
