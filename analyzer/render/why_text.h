// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why one variable is in the frame, or is not, in sentences.
//
//   report, "n" or "12" --why_text()--> "n is set at 12:7 and read at 15:10, and S1 (co_await, 13:3) lies between."
#pragma once

#include "model/report.h"

#include <string>
#include <vector>

namespace coroscope::render {

/// The answer for everything of that name, or that stands on that line, in each coroutine and level of the report; ""
/// where there is nothing. `question` is a name as the frame's table has it, or a line number.
std::string why_text(const report &report, const std::string &question);

/// The names that may be asked for, each once.
std::vector<std::string> names_to_ask_for(const report &report);

} // namespace coroscope::render
