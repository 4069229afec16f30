// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run in sum, as text.
#pragma once

#include "account/summary.h"
#include "model/report.h"

#include <span>
#include <string>

namespace coroscope::render {

/// A line a coroutine: how many frames, how many bytes, how long it ran, what is still alive; then the totals of the
/// run. `sums` is one for each of run.coroutines.
std::string coroutine_summary_text(const traced_run &run, std::span<const coroutine_summary> sums);

/// A line a suspend point that was reached: how often, how long.
std::string point_summary_text(const traced_run &run, std::span<const coroutine_summary> sums);

} // namespace coroscope::render
