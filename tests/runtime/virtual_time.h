// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A run in which time jumps to the next timer: exact, and over at once.
#pragma once

#include <coroscope/event_loop.h>
#include <coroscope/task.h>
#include <utility>

namespace coroscope::testing {

template <class T> T run_in_virtual_time(task<T> main) {
  event_loop loop(event_loop::time_source::virtual_clock);
  return loop.run(std::move(main));
}

} // namespace coroscope::testing
