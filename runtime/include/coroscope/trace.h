// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a running program reports what its coroutines and its event loop do.
//
//   instrumented code --coroscope_trace_event()--+
//   event loop        --trace::record()----------+--> recorder --> FILE.corotrace
//
// Recording is on when the environment names a file in COROSCOPE_TRACE at program start; otherwise every call here
// is one predictable branch. The file format and the meaning of each event stand in docs/trace-format.md.
#pragma once

#include <atomic>
#include <cstdint>

namespace coroscope::trace {

/// What happened. The numbers are part of the file format: never reuse one.
enum class event_kind : std::uint8_t {
  // Reported by instrumented coroutines; each names the frame.
  frame_created = 1,     ///< right after the frame was made; a: 1 allocated, 0 elided
  suspended = 2,         ///< at a point, before await_suspend is entered; provisional until something else happens
  not_suspended = 3,     ///< await_suspend returned false or threw: the coroutine goes on
  resumed = 4,           ///< at a point
  destroyed = 5,         ///< destroy() while suspended at a point
  frame_freed = 6,       ///< right before the frame's memory is given back
  frame_bytes = 7,       ///< what the frame holds at the event that follows
  memory_bytes = 8,      ///< what a variable of the frame points to at that event
  transferred = 9,       ///< resumed, as the await_suspend of another frame returned its handle
  threw = 10,            ///< an exception left the coroutine's body: its promise's unhandled_exception is called
  unwound = 11,          ///< an exception leaves the coroutine for its resumer: it runs no more and is at its end
  awaiter_returned = 12, ///< its await_suspend, in which the thread had to do with other frames, has returned

  // Reported by an event loop. `frame` is the waiting coroutine where there is one.
  poll_begin = 16,      ///< a: the longest wait in ns, UINT64_MAX without limit
  poll_end = 17,        ///< a: how many things became ready
  fd_wait = 18,         ///< a: fd, b: 1 readable, 2 writable
  fd_ready = 19,        ///< a: fd, b: 1 readable, 2 writable
  timer_armed = 20,     ///< a: timer number, b: ns until it fires
  timer_fired = 21,     ///< a: timer number
  timer_cancelled = 22, ///< a: timer number
  task_spawned = 23,    ///< frame: the task
  task_finished = 24,   ///< frame: the task, with a value or an exception
  awaits = 25,          ///< frame waits for the frame whose address is a
  posted = 26,          ///< the thread hands work over to a loop; a: the work's address, which tells it while it lasts
  loop_begin = 27,      ///< from here on the thread's loop resumes what nobody else does
  loop_end = 28,        ///< up to here
  task_cancelled = 29,  ///< frame: the task, which ended by its cancellation
  delivered = 30,       ///< the loop takes up what was posted; a: as there
};

/// All kinds are below it.
inline constexpr std::uint32_t kind_limit = 32;

/// Of a unit, as the plugin of this version makes it.
inline constexpr std::uint32_t module_version = 3;

/// The thread reported its last event a few instructions ago: this one happens in the same moment.
inline constexpr std::uint32_t same_moment = 0x80;

} // namespace coroscope::trace

// What the instrumentation pass and the functions below call; nobody else does. These names are what a program
// exports, so that libraries that it loads record through its recorder and not through one of their own.
extern "C" {

/// Whether a recording is going on.
extern std::atomic<bool> coroscope_trace_on;

void coroscope_trace_record(coroscope::trace::event_kind kind, const void *frame, std::uint64_t a,
                            std::uint64_t b) noexcept;

/// What an object leads to whose contents stand elsewhere.
enum coroscope_trace_pointee : std::uint8_t {
  coroscope_trace_object,  ///< {pointer}: an object
  coroscope_trace_string,  ///< {pointer, length, …}: characters, or a short text in the string itself
  coroscope_trace_view,    ///< {length, pointer}: characters
  coroscope_trace_vector,  ///< {first, last, …}: elements
  coroscope_trace_span,    ///< {pointer, length}: elements
  coroscope_trace_c_string ///< {pointer}: characters up to a NUL
};

/// An object in a frame, or in what another such object leads to, whose contents a reader of the frame wants to see
/// too. Those in what one leads to follow it: they are deeper by one.
struct coroscope_trace_pointer {
  std::uint32_t offset;  ///< of the object, in the frame or in each element that the one above it leads to; bytes
  std::uint32_t element; ///< bytes of an element, of the object behind, of a character
  coroscope_trace_pointee kind;
  std::uint8_t depth;    ///< 0: in the frame itself
  std::uint8_t window;   ///< `alive` is of 64 ordinals, from 64 times this number on
  std::uint8_t has_flag; ///< 1: the object is there while the byte at `flag` is not 0; 2: while it is `flag_value`
  std::uint32_t flag;    ///< from where `offset` counts from
  std::uint32_t flag_value;
  std::uint32_t alive[2]; ///< a bit for each of the ordinals: whether the object has a value there
};
static_assert(sizeof(coroscope_trace_pointer) == 28);

/// The coroutines of one instrumented translation unit: `table` is JSON, described in docs/trace-format.md.
struct coroscope_trace_module {
  std::uint32_t version; ///< coroscope::trace::module_version
  std::uint32_t number;  ///< given by coroscope_trace_register
  const char *table;
  std::uint64_t table_size;         ///< bytes
  const std::uint32_t *frame_sizes; ///< bytes, by the coroutines' index in the table
  std::uint64_t coroutines;         ///< how many there are
  /// Those of coroutine i are number first_pointer[i] up to first_pointer[i + 1]. From version 3 on.
  const coroscope_trace_pointer *pointers;
  const std::uint32_t *first_pointer;
};

/// Called once a translation unit, before any of its coroutines runs.
void coroscope_trace_register(coroscope_trace_module *unit) noexcept;

/// `coroutine` is an index into the unit's table; `what` is an event_kind, or'ed with coroscope::trace::same_moment
/// where that holds, in the low byte and the ordinal of the suspend point above it.
void coroscope_trace_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                           std::uint32_t what) noexcept;

/// The await_suspend of the frame `from` returns the handle of `to`, which goes on next.
void coroscope_trace_transfer(const void *from, const void *to) noexcept;

/// The await_suspend of the frame returns and hands the thread to nobody. The frame may be gone.
void coroscope_trace_returned(const void *frame) noexcept;
}

namespace coroscope::trace {

/// Whether a recording is going on.
inline bool recording() noexcept { return coroscope_trace_on.load(std::memory_order_relaxed); }

/// Adds an event of this thread, now. Does nothing unless recording.
inline void record(event_kind kind, const void *frame = nullptr, std::uint64_t a = 0, std::uint64_t b = 0) noexcept {
  if (recording()) [[unlikely]]
    coroscope_trace_record(kind, frame, a, b);
}

} // namespace coroscope::trace
