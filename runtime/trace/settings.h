// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the environment asks of the recorder; docs/trace-format.md says it in words.
//
//   COROSCOPE_TRACE, COROSCOPE_TRACE_FRAMES, COROSCOPE_TRACE_RING --read_settings()--> settings
#pragma once

#include <cstdint>

namespace coroscope::trace {

struct settings {
  const char *path = nullptr;    ///< of the recording; null: none is asked for
  const char *mistake = nullptr; ///< why there can be none, a clause; null: nothing is wrong
  bool keeps_others = false;     ///< what other programs recorded into the file, if it is there, stays
  std::uint64_t ring_size = 0;   ///< bytes; 0: every event is kept
  std::uint64_t frame_limit = 0; ///< bytes of each frame that are recorded; 0: none
  std::int64_t frame_budget = 0; ///< bytes of the recording that frames may take
};

settings read_settings() noexcept;

} // namespace coroscope::trace
