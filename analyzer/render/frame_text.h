// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The frame of one level as a table: a line for each field, below it what it holds.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// Empty where the level has no frame. The fields of an elided callee's frame stand indented below it, and with
/// `with_members` the members of classes; all offsets count from the start of the whole frame.
std::string frame_text(const report &report, const coroutine &coroutine, const level_lowering &lowering,
                       bool with_members);

} // namespace coroscope::render
