// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The variables that a level keeps out of the frame, and why.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// A table, indented by four; "" where there is none.
std::string absent_text(const report &report, const coroutine &coroutine, const level_lowering &lowering);

/// Why the variable has no bytes, as the end of a sentence: "its last use is at 14:5 (read(n) is called), before S1
/// (co_await, 15:3) can suspend".
std::string absence_words(const report &report, const coroutine &coroutine, const absent_variable &variable);

} // namespace coroscope::render
