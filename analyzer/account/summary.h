// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a run's coroutines cost in sum.
//
//   traced_run --histories--> stretches --summarise()--> a sum for each coroutine, and in it for each point
#pragma once

#include "model/report.h"

#include <cstdint>
#include <vector>

namespace coroscope {

/// The completed suspensions at one point, ns each.
struct point_summary {
  std::uint32_t point = 0; ///< ordinal
  std::uint64_t count = 0;
  std::uint64_t open = 0; ///< suspended there when the recording ended; not in the figures below
  std::uint64_t total = 0;
  std::uint64_t median = 0, p90 = 0, p99 = 0, longest = 0; ///< nearest-rank percentiles; 0 where count is 0
};

struct coroutine_summary {
  std::uint64_t frames = 0;
  std::uint64_t elided = 0;
  std::uint64_t allocated = 0;    ///< bytes of all frames that were allocated
  std::uint64_t running = 0;      ///< ns in which it ran itself, without what it called or resumed
  std::uint64_t longest_step = 0; ///< ns of the longest run without suspending, with all that ran on top of it
  std::uint64_t alive = 0;        ///< frames that were not freed when the recording ended
  std::uint64_t suspensions = 0;
  std::vector<point_summary> points; ///< those that were reached, in source order
};

/// One for each of run.coroutines.
std::vector<coroutine_summary> summarise(const traced_run &run);

} // namespace coroscope
