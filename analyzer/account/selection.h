// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which events of a run somebody wants to see.
#pragma once

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

} // namespace coroscope
