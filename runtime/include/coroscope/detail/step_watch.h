// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which step of the loop took too long.
//
//   turn begins -> step -> step … each of the first few of a turn is timed, then every so many together -> report
//
// The first steps after the loop has polled, so nearly all but in a loop that is very busy, are timed one by one; that
// costs little beside the poll.
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

  void begin_turn() noexcept {
    last_ = now();
    steps_ = 0;
    untimed_ = 0;
  }
  void begin_step(const continuation &who) noexcept {
    const promise_base *const promise = who.promise();
    from_[untimed_++] = promise ? promise->where() : std::source_location();
  }
  void end_step() noexcept {
    if (++steps_ <= timed_one_by_one || untimed_ == timed_together)
      look();
  }
  void end_turn() noexcept {
    if (untimed_ != 0)
      look();
  }

private:
  static constexpr std::size_t timed_one_by_one = 16;
  static constexpr std::size_t timed_together = 16;

  static std::chrono::nanoseconds now() noexcept;
  void look() noexcept {
    const std::chrono::nanoseconds at = now();
    if (at - last_ > limit_) [[unlikely]]
      report(at - last_);
    last_ = at;
    untimed_ = 0;
  }
  void report(std::chrono::nanoseconds took) const noexcept;

  std::chrono::nanoseconds limit_ = std::chrono::milliseconds(100);
  std::chrono::nanoseconds last_{};
  std::size_t steps_ = 0;
  std::size_t untimed_ = 0;
  std::array<std::source_location, timed_together> from_{}; ///< where the untimed steps began
};

} // namespace coroscope::detail
