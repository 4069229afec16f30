// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which step of the loop took too long.
//
//   turn begins -> step -> step … each of the first few after a poll is timed, then every so many together -> report
//
// So nearly all steps, but for a loop that is very busy, are timed one by one; that costs little beside the poll.
#pragma once

#include <array>
#include <chrono>
#include <coroscope/detail/continuation.h>
#include <coroscope/detail/promise_base.h>
#include <cstddef>
#include <source_location>

namespace coroscope::detail {

class step_watch {
public:
  /// A step that takes longer is reported on stderr.
  void set_limit(std::chrono::nanoseconds limit) noexcept { limit_ = limit; }

  void has_polled() noexcept { one_by_one_ = timed_one_by_one; }
  void begin_turn() noexcept {
    last_ = now();
    looks_at_ = one_by_one_ == 0 ? timed_together - 1 : 0;
  }
  /// `step` counts from 0 in each turn.
  void begin_step(unsigned step, const continuation &who) noexcept {
    const promise_base *const promise = who.promise();
    from_[step % timed_together] = promise ? promise->where() : std::source_location();
  }
  void end_step(unsigned step) noexcept {
    if (step == looks_at_) [[unlikely]]
      look(step);
  }
  /// A function that was posted `from` there has ended, and `began` then.
  void posted_function_ended(std::chrono::nanoseconds began, const std::source_location &from) const noexcept;
  /// A moment.
  static std::chrono::nanoseconds now() noexcept;
  /// After so many steps.
  void end_turn(unsigned steps) noexcept {
    if (steps > one_by_one_ && steps % timed_together != 0)
      look_at_those_since(0, steps % timed_together);
    one_by_one_ = 0;
  }

private:
  static constexpr unsigned timed_together = 16;
  static constexpr unsigned timed_one_by_one = timed_together;

  /// At the end of a step.
  void look(unsigned step) noexcept;
  /// At the end of `count` steps, the first of which is that in from_.
  void look_at_those_since(unsigned first, unsigned count) noexcept;
  void report(std::chrono::nanoseconds took, unsigned first, unsigned count) const noexcept;

  std::chrono::nanoseconds limit_ = std::chrono::milliseconds(100);
  std::chrono::nanoseconds last_{};
  unsigned one_by_one_ = timed_one_by_one;                  ///< steps of this turn, a whole group or none
  unsigned looks_at_ = 0;                                   ///< the step at whose end the clock is read next
  std::array<std::source_location, timed_together> from_{}; ///< where the steps of the group began
};

} // namespace coroscope::detail
