// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run in the Trace Event Format that chrome://tracing and Perfetto open.
//
//   running stretch -> slice of its thread      suspended stretch -> slice of a track of its frame
//   poll            -> slice of its thread      wake-up, await    -> flow arrow to the slice that it leads to
#pragma once

#include "account/history.h"
#include "model/report.h"

#include <span>
#include <string>

namespace coroscope::render {

/// JSON, one event a line. `histories` is one for each of run.frames. Times are microseconds, as the format wants them.
std::string chrome_trace(const traced_run &run, std::span<const frame_history> histories);

} // namespace coroscope::render
