// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each frame of a run did from when to when.
//
//   traced_run::events --histories()--> for each frame its stretches: running, suspended at a point, being destroyed
#pragma once

#include "model/report.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace coroscope {

enum class stretch_state { running, suspended, destroying };

/// A frame in one state without interruption. Times are those of the events, ns.
struct stretch {
  stretch_state state = stretch_state::running;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool is_open = false; ///< it lasted when the recording ended; `end` is the last event's time then
  /// Ordinal of the point: where it is suspended, where it went on or is destroyed; absent before the first one.
  std::optional<std::uint32_t> point;
  std::uint32_t thread = 0; ///< that made it begin
  std::uint64_t own = 0;    ///< ns of a running stretch in which no other frame ran on top of it
};

struct frame_history {
  std::vector<stretch> stretches; ///< in order, each begins where the one before ends
  bool is_created = false;        ///< its beginning is in the recording
  bool is_elided = false;
  bool is_gone = false; ///< it was freed, or destroyed where nothing was to be freed
};

/// One for each of run.frames. A suspension that did not come about (await_suspend returned false or threw) is part of
/// the running stretch.
std::vector<frame_history> histories(const traced_run &run);

} // namespace coroscope
