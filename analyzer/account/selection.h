// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which events of a run somebody wants to see.
#pragma once

#include "account/history.h"
#include "account/summary.h"
#include "model/report.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace coroscope {

struct event_selection {
  std::optional<std::regex> coroutine; ///< found in the name or symbol of the event's coroutine
  std::vector<std::string> kinds;      ///< "suspended", "poll_end", …; empty: all
  std::uint64_t from = 0;              ///< ns, both ends included
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
};

/// The run with the events that were asked for; frames, threads and coroutines keep their numbers.
traced_run select(traced_run run, const event_selection &wanted);

/// Of sums of a whole run, those of the coroutines that were asked for; the others are left empty.
void select(std::vector<coroutine_summary> &sums, const traced_run &run, const event_selection &wanted);

/// Of histories of a whole run, the stretches that were asked for: of the coroutine, and in the time at least in part.
void select(std::vector<frame_history> &histories, const traced_run &run, const event_selection &wanted);

} // namespace coroscope
