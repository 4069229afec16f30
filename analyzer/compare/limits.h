// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Does a report keep within limits?
//
//   report, limits --> breaches, each with the coroutine, the numbers and the largest objects of its frame
#pragma once

#include "compare/objects.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::compare {

struct limits {
  std::string level = "O2";
  std::optional<std::uint64_t> max_frame;                  ///< bytes
  std::function<bool(const std::string &)> must_be_elided; ///< calls of coroutines whose name it accepts
  const report *baseline = nullptr;                        ///< frames as they were
  double max_growth = 0;                                   ///< percent over the baseline
  bool hazards = false;                                    ///< each hazard is a breach
};

enum class limit { frame_size, frame_growth, elision, hazard };

struct breach {
  limit broken = limit::frame_size;
  std::optional<coroutine_id> coroutine; ///< absent for calls by plain functions and hazards of none
  std::optional<range> where;
  std::uint64_t size = 0;      ///< of the frame, for a frame's limits
  std::uint64_t baseline = 0;  ///< what it was, for frame_growth
  std::vector<object> largest; ///< residents of the frame, for a frame's limits: at most five, the largest first
  std::optional<elision> call;
  std::optional<struct hazard> hazard;
  bool operator==(const breach &) const = default;
};

struct verdict_of_check {
  std::vector<breach> breaches; ///< by kind, then in the order of the report
  std::size_t frames = 0;       ///< at the level
  std::size_t calls = 0;        ///< that had to be elided
  std::size_t not_in_baseline = 0;
  std::optional<coroutine_id> largest; ///< frame
  bool operator==(const verdict_of_check &) const = default;
};

verdict_of_check check(const report &report, const limits &limits);

} // namespace coroscope::compare
