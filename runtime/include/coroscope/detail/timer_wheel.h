// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which timer is next: a hierarchical timer wheel that is exact to the nanosecond.
//
//   arm(timer) -> the level of the highest digit in which the deadline and the wheel's time differ, its slot there
//   advance(now) -> a slot that has begun: few timers are sorted, many move to slots of lower levels -> due timers
//
//   digits of      …   6 bits    10 bits      7       7       6        Slots of level 3 are 1 ms wide, there are 1024
//   of wheel's time   …|000011|0000000101|0110000|0001000|000001          them: what is due within a second moves once.
//   deadline       …|000011|0000001000|0000001|0000000|000000  -> level 3, slot 8
#pragma once

#include <array>
#include <chrono>
#include <coroscope/detail/waiter.h>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace coroscope::detail {

using time_point = std::chrono::steady_clock::time_point;

class timer_wheel;

/// A coroutine that waits for a moment, or what is to be called then. Destroying it disarms it.
class timer : public waiter {
public:
  timer() noexcept = default;
  explicit timer(time_point deadline) noexcept : deadline_(deadline) {}
  explicit timer(callback &called) noexcept { who_ = continuation::to(called); }
  ~timer();
  bool armed() const noexcept { return wheel_ != nullptr; }
  time_point deadline() const noexcept { return deadline_; }
  /// For the trace.
  std::uint32_t number() const noexcept { return number_; }
  std::string describe() const override;

private:
  bool withdraw() noexcept override;

  friend timer_wheel;
  std::uint16_t slot_ = 0;
  std::uint32_t number_ = 0;
  timer_wheel *wheel_ = nullptr;
  time_point deadline_;
};

/// Arming and cancelling cost a few instructions, whatever is armed. A timer that fires has moved at most once a level.
class timer_wheel {
public:
  timer_wheel() = default;
  timer_wheel(const timer_wheel &) = delete;
  timer_wheel &operator=(const timer_wheel &) = delete;
  ~timer_wheel();

  bool empty() const noexcept { return armed_ == 0; }

  /// Precondition: not armed.
  void arm(timer &timer, time_point deadline) noexcept;
  void cancel(timer &timer) noexcept;

  /// Nothing is due before. The deadline itself where few timers are as near as the next one; else the moment from
  /// which on more can be said. Nothing where no timer is armed.
  std::optional<time_point> next_event() const noexcept;

  /// Fulfils every timer due at `now` into `ready`, the earliest first, those of one deadline as they were armed. Those
  /// whose deadline had passed when they were armed come before the others. `now` never goes back.
  void advance(time_point now, ready_list &ready) noexcept;

private:
  /// Slots of all levels are numbered through; each level begins with a new group of 64.
  static constexpr unsigned groups = 27;
  static constexpr unsigned slots = groups * 64;
  static constexpr std::uint16_t overdue_slot = slots;

  static std::uint64_t ticks(time_point at) noexcept;
  /// Precondition: not empty and none is overdue.
  unsigned first_slot() const noexcept;
  std::uint64_t start_of(unsigned slot) const noexcept;
  void place(timer &timer) noexcept;
  void set_vacant(unsigned slot) noexcept;
  void fire(timer &timer, ready_list &ready) noexcept;
  void spread(waiter_list &many, ready_list &ready) noexcept;
  void sort(waiter_list &few, ready_list &ready) noexcept;

  std::uint64_t time_ = 0;                       ///< ns; every timer in a slot is due later
  std::size_t armed_ = 0;                        ///< timers, in slots and overdue
  std::uint32_t armed_so_far_ = 0;               ///< numbers for the trace
  std::uint32_t occupied_groups_ = 0;            ///< a bit a group
  std::array<std::uint64_t, groups> occupied_{}; ///< a bit a slot
  waiter_list overdue_;                          ///< armed with a deadline that had passed
  std::array<waiter_list, slots> slots_;
};

} // namespace coroscope::detail
