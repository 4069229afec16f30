// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of the recorder share: the recording, and how this thread adds an event to it.
//
//   events.cpp, frame_capture.cpp --add()--> this thread's block of the file <-- next_block(): recorder.cpp
//
// A library may bring a recorder of its own: none of this is seen from outside of it.
#pragma once

#include "clock.h"
#include "recording_file.h"
#include "thread_writer.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

#pragma GCC visibility push(hidden)

namespace coroscope::trace {

extern constinit recording_file file;
extern constinit event_clock program_clock;
extern constinit std::atomic<std::uint32_t> thread_count; ///< that have or had events
extern constinit thread_local thread_writer this_thread;

/// Gives the thread a block with room for `bytes`. False: the event is lost.
bool next_block(thread_writer &writer, std::size_t bytes) noexcept;
void record_clock(thread_writer &writer) noexcept;

inline void count_lost() noexcept { std::atomic_ref(file.header().lost).fetch_add(1, std::memory_order_relaxed); }

/// The unit's number in the recording; 0: it has none yet.
inline std::uint32_t given_number_of(const coroscope_trace_module *unit) noexcept {
  return std::atomic_ref(const_cast<coroscope_trace_module *>(unit)->number).load(std::memory_order_relaxed);
}

/// The same. Where the unit's constructor has not run yet, it is registered now; 0: what it reports is not understood.
inline std::uint32_t number_of(const coroscope_trace_module *unit) noexcept {
  if (const std::uint32_t number = given_number_of(unit); number != 0) [[likely]]
    return number;
  coroscope_trace_register(const_cast<coroscope_trace_module *>(unit));
  return given_number_of(unit);
}

/// Whether no other thread's events have to be told from this one's by their time.
inline bool is_alone() noexcept { return thread_count.load(std::memory_order_relaxed) <= 1; }

enum class moment : bool { now, of_last_event };

/// Adds an event of this thread. `arguments(byte_cursor &)` writes at most two numbers, or `room` bytes more.
template <class Arguments>
void add(std::uint8_t kind, const void *frame, coroutine_key coroutine, const Arguments &arguments,
         std::size_t room = 0, moment when = moment::now) noexcept {
  thread_writer &writer = this_thread;
  if (writer.busy) [[unlikely]]
    return count_lost();
  writer.busy = true;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  const std::size_t most = 2 * thread_writer::longest_event + room;
  if (!writer.has_room(most) && !next_block(writer, most)) [[unlikely]] {
    count_lost();
  } else {
    elapsed passed;
    if (when == moment::now) {
      const std::uint64_t tick = program_clock.now(is_alone());
      if (tick > writer.clock_due) [[unlikely]]
        record_clock(writer);
      passed = writer.pass_until(tick);
    }
    writer.append(kind, passed, reinterpret_cast<std::uintptr_t>(frame), coroutine, arguments);
    writer.block->events += kind != static_cast<std::uint8_t>(event_kind::frame_bytes) &&
                            kind != static_cast<std::uint8_t>(event_kind::memory_bytes);
  }
  std::atomic_signal_fence(std::memory_order_seq_cst);
  writer.busy = false;
}

} // namespace coroscope::trace

#pragma GCC visibility pop
