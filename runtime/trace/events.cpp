// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What instrumented code and event loops report, each as one event of the recording or none.
#include "frame_capture.h"
#include "recorder.h"

#include <initializer_list>
#include <utility>

namespace coroscope::trace {
namespace {

using namespace format;

/// What the await_suspend that returns right now hands the thread to.
struct hand_over {
  const void *from = nullptr;
  const void *to = nullptr;
};
constinit thread_local hand_over handed_over;
/// The coroutines' last event on this thread.
struct last_event {
  const void *frame = nullptr;
  std::uint8_t kind = 0;
};
constinit thread_local last_event last;

/// The moments at which a reader of a recording can see into a frame.
constexpr bool shows_frame(event_kind kind) noexcept {
  return kind == event_kind::suspended || kind == event_kind::resumed || kind == event_kind::destroyed;
}

constexpr std::uint32_t set_of(std::initializer_list<event_kind> kinds) noexcept {
  std::uint32_t set = 0;
  for (const event_kind kind : kinds)
    set |= 1u << static_cast<unsigned>(kind);
  return set;
}

constexpr bool contains(std::uint32_t set, std::uint8_t kind) noexcept { return (set >> kind & 1) != 0; }

using enum event_kind;
constexpr std::uint32_t reported_by_coroutines =
    set_of({frame_created, suspended, not_suspended, resumed, destroyed, frame_freed, threw, unwound});
/// Those that a number follows: the point's or, of frame_created, whether it is allocated.
constexpr std::uint32_t with_number =
    set_of({frame_created, suspended, not_suspended, resumed, destroyed, transferred});

/// Tells that the thread is back from what other frames did in the await_suspend; if none did anything, there is
/// nothing to tell.
void return_from_awaiter(const void *frame) noexcept {
  if (last.frame != frame || last.kind != static_cast<std::uint8_t>(suspended))
    add(static_cast<std::uint8_t>(event_kind::awaiter_returned), frame, {}, [](byte_cursor &) noexcept {});
}

constexpr std::uint8_t kind_of(std::uint32_t what) noexcept { return what % kind_limit; }

enum class variety { plain, in_same_moment, transfer };

constexpr std::uint8_t kind_of(variety which, std::uint32_t what) noexcept {
  return which == variety::transfer ? static_cast<std::uint8_t>(transferred) : kind_of(what);
}

/// What follows the frame. `from`: the frame that hands the thread over to this one, which is transferred to.
struct arguments {
  variety which;
  std::uint32_t what;
  const void *frame;
  const void *from;

  [[gnu::always_inline]] void operator()(byte_cursor &to) const noexcept {
    if (contains(with_number, kind_of(which, what)))
      to.put_unsigned(what >> 8);
    if (which == variety::transfer)
      to.put_signed(reinterpret_cast<std::uintptr_t>(from) - reinterpret_cast<std::uintptr_t>(frame));
  }
};

/// Any event, with all that it may need.
[[gnu::noinline]] void add_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                                 std::uint32_t what, const void *from) noexcept {
  if (!recording())
    return;
  const std::uint32_t number = number_of(unit);
  if (number == 0 || !contains(reported_by_coroutines, kind_of(what)))
    return count_lost();
  if (frame_limit != 0 && shows_frame(static_cast<event_kind>(kind_of(what))))
    add_frame(frame, unit, coroutine, what >> 8);
  const variety which = from != nullptr ? variety::transfer : variety::plain;
  const std::uint8_t kind = kind_of(which, what);
  last = {frame, kind};
  add(kind, frame, {number, coroutine}, arguments{which, what, frame, from}, 0,
      (what & same_moment) != 0 ? moment::of_last_event : moment::now);
}

[[gnu::always_inline]] inline void end_usual_event(thread_writer &writer) noexcept {
  ++writer.block->events;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  writer.busy = false;
}

/// The rest of add_usual_event: by itself, so that it needs few registers, which it has to save.
template <variety Which>
[[gnu::noinline]] void add_usual_event_of_other_frame(const void *frame, coroutine_key coroutine, std::uint32_t what,
                                                      const void *from, std::uint64_t ticks) noexcept {
  thread_writer &writer = this_thread;
  writer.append_of_other_frame(kind_of(Which, what), {Which != variety::in_same_moment, ticks},
                               reinterpret_cast<std::uintptr_t>(frame), coroutine, arguments{Which, what, frame, from});
  end_usual_event(writer);
}

/// What all but one in thousands of events need. It makes no call, so that it has to save few registers.
template <variety Which>
[[gnu::noinline]] void add_usual_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                                       std::uint32_t what, const void *from = nullptr) noexcept {
  thread_writer &writer = this_thread;
  const std::uint32_t number = given_number_of(unit);
  if (number == 0 || writer.busy) [[unlikely]]
    return add_event(frame, unit, coroutine, what, from);
  writer.busy = true;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  if (writer.next >= writer.usual_end) [[unlikely]] {
    writer.busy = false;
    return add_event(frame, unit, coroutine, what, from);
  }
  elapsed passed;
  if constexpr (Which != variety::in_same_moment) {
    const std::uint64_t tick = program_clock.counter(is_alone());
    if (tick > writer.clock_due) [[unlikely]] {
      writer.busy = false;
      return add_event(frame, unit, coroutine, what, from);
    }
    passed = writer.pass_until(tick);
  }
  last = {frame, kind_of(Which, what)};
  const coroutine_key key{number, coroutine};
  if (!writer.last_frame.is(reinterpret_cast<std::uintptr_t>(frame), key))
    return add_usual_event_of_other_frame<Which>(frame, key, what, from, passed.ticks);
  writer.append_of_same_frame(kind_of(Which, what), passed, arguments{Which, what, frame, from});
  end_usual_event(writer);
}

} // namespace
} // namespace coroscope::trace

using namespace coroscope::trace;

void coroscope_trace_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                           std::uint32_t what) noexcept {
  // Whether there is a recording, add_usual_event sees by the way: without one there is no block to write into.
  if ((what & same_moment) != 0)
    return add_usual_event<variety::in_same_moment>(frame, unit, coroutine, what);
  if (handed_over.from != nullptr) {
    const void *const from = std::exchange(handed_over.from, nullptr);
    if (handed_over.to == frame && kind_of(what) == static_cast<std::uint8_t>(event_kind::resumed))
      return add_usual_event<variety::transfer>(frame, unit, coroutine, what, from);
  }
  add_usual_event<variety::plain>(frame, unit, coroutine, what);
}

void coroscope_trace_transfer(const void *from, const void *to) noexcept {
  if (!recording())
    return;
  return_from_awaiter(from);
  handed_over = {from, to};
}

void coroscope_trace_returned(const void *frame) noexcept {
  if (recording())
    return_from_awaiter(frame);
}

void coroscope_trace_record(event_kind kind, const void *frame, std::uint64_t a, std::uint64_t b) noexcept {
  const auto number = static_cast<std::uint8_t>(kind);
  const char *arguments = number < kind_limit ? format::arguments_of[number] : nullptr;
  if (arguments == nullptr)
    return count_lost();
  add(number, frame, {}, [&](byte_cursor &to) noexcept {
    std::uint64_t value = a;
    for (const char *letter = arguments; *letter != '\0'; ++letter, value = b) {
      if (*letter == 's')
        to.put_signed(value);
      else if (*letter == 'p')
        to.put_signed(value - reinterpret_cast<std::uintptr_t>(frame));
      else
        to.put_unsigned(value);
    }
  });
}
