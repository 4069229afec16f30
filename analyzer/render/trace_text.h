// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run as text: event by event, and in sum.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// `coroscope trace`: a line an event, with time, thread, frame, what happened and the source line.
std::string trace_text(const traced_run &run);

/// A line a coroutine: how many frames, of what size, how often suspended, what is still alive; then the totals.
std::string trace_summary(const traced_run &run);

} // namespace coroscope::render
