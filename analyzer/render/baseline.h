// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sizes of all frames, in a file that is kept beside the sources: what later ones are measured by.
//
//   report --baseline()--> JSON, a line a frame --read_baseline()--> a report of names and frame sizes alone
#pragma once

#include "model/report.h"

#include <expected>
#include <string>
#include <string_view>

namespace coroscope::render {

/// Sorted, so that it changes only with what it holds.
std::string baseline(const report &report, const std::string &level);

/// Also takes a whole report. Error: what is wrong and at which member.
std::expected<report, std::string> read_baseline(std::string_view text);

} // namespace coroscope::render
