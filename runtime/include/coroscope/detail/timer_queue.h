// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which timer is next.
//
//   arm(timer, deadline) -> a binary heap by (deadline, order of arming) -> take_expired(now) -> ready queue
#pragma once

#include <chrono>
#include <coroscope/detail/waiter.h>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace coroscope::detail {

using time_point = std::chrono::steady_clock::time_point;

class timer_queue;

/// A coroutine that waits for a moment. Destroying it disarms it.
class timer : public waiter {
public:
  timer() noexcept = default;
  ~timer();
  bool armed() const noexcept { return queue_ != nullptr; }

private:
  friend timer_queue;
  timer_queue *queue_ = nullptr;
  time_point deadline_;
  std::uint64_t number_ = 0;
  std::size_t position_ = 0;
};

/// Arming and cancelling cost O(log n), looking at the next deadline O(1).
class timer_queue {
public:
  timer_queue() = default;
  timer_queue(const timer_queue &) = delete;
  timer_queue &operator=(const timer_queue &) = delete;
  ~timer_queue();

  /// Precondition: not armed. `now` only says how long it will wait. Throws std::bad_alloc.
  void arm(timer &timer, time_point deadline, time_point now);
  void cancel(timer &timer) noexcept;
  std::optional<time_point> next_deadline() const noexcept;
  /// Moves every timer due at `now` to `ready`, the earliest first, those of one deadline as they were armed.
  void take_expired(time_point now, waiter_list &ready) noexcept;

private:
  static bool before(const timer &a, const timer &b) noexcept;
  void place(std::size_t position, timer &timer) noexcept;
  void sift_up(std::size_t position) noexcept;
  void sift_down(std::size_t position) noexcept;
  void remove(timer &timer) noexcept;

  std::vector<timer *> heap_;
  std::uint64_t armed_so_far_ = 0;
};

} // namespace coroscope::detail
