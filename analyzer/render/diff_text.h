// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `coroscope diff`: a difference of two reports in words, for a terminal, for a pull request and for programs.
//
//   difference, and the reports it is of --> text | markdown | JSON
#pragma once

#include "compare/difference.h"

#include <string>

namespace coroscope::render {

/// A paragraph a coroutine, the most growth first; one line where nothing differs.
std::string diff_text(const compare::difference &difference, const report &before, const report &after);

/// A summary line, a table of the changed coroutines and folded details, short enough for a comment on GitHub; one line
/// where nothing differs.
std::string diff_markdown(const compare::difference &difference, const report &before, const report &after);

/// The object that docs/report-schema.md describes as coroscope-diff/1.
std::string diff_json(const compare::difference &difference, const report &before, const report &after);

} // namespace coroscope::render
