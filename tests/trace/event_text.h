// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A recorded run as text, without what differs from run to run: times, addresses and thread ids.
#pragma once

#include "trace/reader.h"

#include <string>

namespace coroscope::test {

/// A line an event: kind, frame by number with its coroutine, point with kind and position, arguments.
std::string event_text(const trace::recorded_run &run);

/// Reads the file; fails the test where it is no recording.
trace::recorded_run read_run(const std::string &file);

} // namespace coroscope::test
