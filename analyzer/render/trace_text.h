// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run as text, event by event.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// `coroscope trace`: a line an event, with time, thread, frame, what happened and the source line.
std::string trace_text(const traced_run &run);

/// The same of the events that came since the last call, in columns that stay where they are.
std::string followed_text(const traced_run &run, bool with_heading);

} // namespace coroscope::render
