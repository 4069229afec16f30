// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run as text, event by event.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// `coroscope trace`: a line an event, with time, thread, frame, what happened and the source line.
std::string trace_text(const traced_run &run);

} // namespace coroscope::render
