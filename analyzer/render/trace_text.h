// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run as text, event by event.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// What a reader of the values has to know of them, a line for each level that is not -O0; empty where there are none.
std::string note_on_values(const traced_run &run);

/// `coroscope trace`: a line an event, with time, thread, frame, what happened and the source line, and the note.
std::string trace_text(const traced_run &run);

/// The same of the events that came since the last call, in columns that stay where they are.
std::string followed_text(const traced_run &run, bool with_heading);

} // namespace coroscope::render
