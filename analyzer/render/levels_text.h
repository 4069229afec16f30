// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `dis --compare=O0,O2`: each coroutine's frame at several levels, side by side.
#pragma once

#include "model/report.h"

#include <string>
#include <vector>

namespace coroscope::render {

/// For each coroutine: a line a fact of the whole frame, then a line an object with its bytes at each level, whether it
/// stays, moves, appears or goes, and why.
std::string levels_text(const report &report, const std::vector<std::string> &levels);

} // namespace coroscope::render
