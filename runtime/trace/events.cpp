// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What instrumented code and event loops report, each as one event of the recording or none.
#include "frame_capture.h"
#include "recorder.h"

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
/// The frame whose suspension is the last that this thread recorded of any frame; none if it is something else.
constinit thread_local const void *last_suspended = nullptr;

/// The moments at which a reader of a recording can see into a frame.
constexpr bool shows_frame(event_kind kind) noexcept {
  return kind == event_kind::suspended || kind == event_kind::resumed || kind == event_kind::destroyed;
}

constexpr bool is_reported_by_coroutines(std::uint8_t kind) noexcept {
  using enum event_kind;
  std::uint32_t reported = 0;
  for (const event_kind one :
       {frame_created, suspended, not_suspended, resumed, destroyed, frame_freed, threw, unwound})
    reported |= 1u << static_cast<unsigned>(one);
  return kind < 32 && (reported >> kind & 1) != 0;
}

/// Tells that the thread is back from what other frames did in the await_suspend; if none did anything, there is
/// nothing to tell.
void return_from_awaiter(const void *frame) noexcept {
  if (last_suspended != frame)
    add(static_cast<std::uint8_t>(event_kind::awaiter_returned), frame, {}, [](byte_cursor &) noexcept {});
}

/// Apart from coroscope_trace_event, which saves no register when nothing is recorded.
[[gnu::noinline]] void add_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                                 std::uint32_t what) noexcept {
  const auto kind = static_cast<std::uint8_t>(what & 0xff);
  if (!is_reported_by_coroutines(kind)) [[unlikely]]
    return count_lost();
  if (frame_limit != 0 && shows_frame(static_cast<event_kind>(kind))) [[unlikely]]
    add_frame(frame, unit, coroutine, what >> 8);
  last_suspended = kind == static_cast<std::uint8_t>(event_kind::suspended) ? frame : nullptr;
  const coroutine_key key{number_of(unit), coroutine};
  if (handed_over.from != nullptr) {
    const void *const from = std::exchange(handed_over.from, nullptr);
    if (handed_over.to == frame && kind == static_cast<std::uint8_t>(event_kind::resumed))
      return add(static_cast<std::uint8_t>(event_kind::transferred), frame, key, [&](byte_cursor &to) noexcept {
        to.put_unsigned(what >> 8);
        to.put_signed(reinterpret_cast<std::uintptr_t>(from) - reinterpret_cast<std::uintptr_t>(frame));
      });
  }
  add(kind, frame, key, [&](byte_cursor &to) noexcept {
    if (kind < static_cast<std::uint8_t>(event_kind::frame_freed))
      to.put_unsigned(what >> 8);
  });
}

} // namespace
} // namespace coroscope::trace

using namespace coroscope::trace;

void coroscope_trace_event(const void *frame, const coroscope_trace_module *unit, std::uint32_t coroutine,
                           std::uint32_t what) noexcept {
  if (recording())
    add_event(frame, unit, coroutine, what);
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
  const char *arguments = number < format::kind_limit ? format::arguments_of[number] : nullptr;
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
