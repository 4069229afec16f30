// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as text, in stable columns, made to be read and to be compared line by line.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// `coroscope dis`: every coroutine with its suspend points and, for each level, its frame and functions;
/// `with_members` also the members of what lies in the frame.
std::string text(const report &report, bool with_members = false);

/// The unit's diagnostics as a compiler prints them, errors only unless `all`.
std::string diagnostics_text(const report &report, const unit &unit, bool all);

} // namespace coroscope::render
