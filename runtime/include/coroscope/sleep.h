// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waiting for time to pass, or for the others to have had their turn.
#pragma once

#include <chrono>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/event_loop.h>

namespace coroscope {

namespace detail {

class sleep_awaiter final : public timer {
public:
  explicit sleep_awaiter(time_point deadline) noexcept : timer(deadline) {}
  bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    event_loop &loop = current_loop();
    if (begin(coroutine))
      loop.arm(*this, deadline());
  }
  void await_resume() const { end(); }
};

class yield_awaiter final : public waiter {
public:
  bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    current_loop();
    go_last(coroutine);
  }
  void await_resume() const { end(); }
};

/// `now` plus `duration`: not before now, and the end of time where that is too far away to be said.
template <class Rep, class Period>
time_point after(time_point now, std::chrono::duration<Rep, Period> duration) noexcept {
  using seconds = std::chrono::duration<long double>;
  if (duration <= duration.zero())
    return now;
  if (seconds(duration) >= seconds(time_point::max() - now))
    return time_point::max();
  return now + std::chrono::ceil<time_point::duration>(duration);
}

} // namespace detail

/// Resumes the awaiting coroutine at `deadline`, in the loop's time; a deadline that has passed still lets the others
/// have their turn.
[[nodiscard]] inline detail::sleep_awaiter sleep_until(event_loop::clock::time_point deadline) noexcept {
  return detail::sleep_awaiter(deadline);
}

/// Resumes the awaiting coroutine once `duration` has passed. Throws std::logic_error outside of a loop.
template <class Rep, class Period>
[[nodiscard]] detail::sleep_awaiter sleep_for(std::chrono::duration<Rep, Period> duration) {
  return detail::sleep_awaiter(detail::after(current_loop().now(), duration));
}

/// Resumes the awaiting coroutine after everything that is ready already. asyncio: `sleep(0)`.
[[nodiscard]] inline detail::yield_awaiter yield_now() noexcept { return {}; }

} // namespace coroscope
