// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What frames hold, where COROSCOPE_TRACE_FRAMES asks for it.
#pragma once

#include "coroscope/trace.h"

#include <cstdint>
#include <sys/types.h>

#pragma GCC visibility push(hidden)

namespace coroscope::trace {

extern constinit std::uint64_t frame_limit; ///< bytes of each frame that are recorded; 0: frames are not

/// `budget` is the bytes of the recording that all frames may take.
void begin_frames(std::uint64_t limit, std::int64_t budget) noexcept;

/// What the frame holds, and what that leads to, for the event that the caller adds next: at point number `ordinal`.
void add_frame(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
               std::uint32_t ordinal) noexcept;

/// What this thread told of frames before counts no more.
void forget_frames() noexcept;

/// Since a fork the process is another one.
void capture_in_child() noexcept;

} // namespace coroscope::trace

#pragma GCC visibility pop
