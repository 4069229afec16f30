// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// with_timeout, with_deadline: work that is cancelled when its time is over.
//
//   with_timeout(5ms, work) -- work ends in time ------------------------------> its value or exception
//                           \- time is over -> work is cancelled -> it ends ---> timed_out
#pragma once

#include <chrono>
#include <coroscope/detail/cancel_scope.h>
#include <coroscope/detail/in_scope.h>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <exception>
#include <source_location>
#include <system_error>

namespace coroscope {

/// The time for something was over before it had ended. Its code is std::errc::timed_out. asyncio: `TimeoutError`.
class timed_out : public std::system_error {
public:
  /// `where`: the timeout.
  explicit timed_out(std::source_location where);
  const std::source_location &where() const noexcept { return where_; }

private:
  std::source_location where_;
};

namespace detail {

/// Cancels what runs in it at a moment.
class deadline_scope final : public cancel_scope, public calls_derived<deadline_scope> {
public:
  deadline_scope(time_point deadline, std::source_location where);

  /// For work that has run in it and failed with `error`: throws timed_out where that came of the deadline; the outer
  /// cancellation where there is one, so that it is never swallowed; else `error`.
  [[noreturn]] void rethrow(const std::exception_ptr &error) const;

  /// The deadline has come.
  void call() noexcept;

private:
  std::source_location where_;
  bool is_over_ = false;
  timer timer_{static_cast<callback &>(*this)};
};

} // namespace detail

/// Runs `work`, and cancels it at `deadline`, in the loop's time. When this returns or throws, the work has ended: its
/// clean-up is awaited, however long it takes. Gives the value of work that ended with one all the same. Throws what
/// the work threw; timed_out where it ended because of the deadline. asyncio: `timeout_at`.
template <class T>
task<T> with_deadline(event_loop::clock::time_point deadline, task<T> work,
                      std::source_location where = std::source_location::current()) {
  detail::deadline_scope scope(deadline, where);
  co_await detail::in_scope(scope, work);
  if (const std::exception_ptr error = detail::error_of(work))
    scope.rethrow(error);
  co_return detail::take(work);
}

/// with_deadline at `duration` from now. Throws std::logic_error outside of a loop. asyncio: `timeout`, `wait_for`.
template <class Rep, class Period, class T>
task<T> with_timeout(std::chrono::duration<Rep, Period> duration, task<T> work,
                     std::source_location where = std::source_location::current()) {
  return with_deadline(detail::after(current_loop().now(), duration), std::move(work), where);
}

} // namespace coroscope
