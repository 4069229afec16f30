// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `coroscope check`: which limits are broken, for a terminal, for a pull request and for code scanning.
//
//   report with its breaches, limits --> text | markdown | SARIF 2.1.0
#pragma once

#include "compare/limits.h"

#include <string>

namespace coroscope::render {

struct checked_report {
  report value;
  compare::verdict_of_check verdict;
};

/// As a compiler prints it, "file:line:column: error: … [frame-size]", the largest objects below; a line of what was
/// checked at the end.
std::string check_text(const checked_report &checked, const compare::limits &limits);

/// A summary line, and a table where something is broken.
std::string check_markdown(const checked_report &checked, const compare::limits &limits);

/// A SARIF 2.1.0 log with one run. Columns are given where the report carries the source's text.
std::string check_sarif(const checked_report &checked, const compare::limits &limits);

/// "frame-size", or the hazard's own name.
std::string rule_name(const compare::breach &breach);

/// What is broken, in a sentence without full stop.
std::string breach_message(const report &report, const compare::breach &breach, const compare::limits &limits);

/// "12 frames at -O2 are within the limits; the largest has 480 bytes: f()"
std::string check_summary(const checked_report &checked, const compare::limits &limits);

} // namespace coroscope::render
