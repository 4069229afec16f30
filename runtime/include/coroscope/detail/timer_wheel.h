// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which timer is next: a hierarchical timer wheel that is exact to the nanosecond.
//
//   arm(timer) -> level and slot by the highest 6-bit digit in which the deadline and the wheel's time differ
//   advance(now) -> a slot that has begun: level 0 is due, of another level each timer moves to a lower one -> due
//   timers
//
//   wheel's time  …|000011|000101|110000        Slots of level 0 are 1 ns wide, of level 1 64 ns, of level 2 4096 ns …
//   deadline      …|000011|001000|000001 -> level 1, slot 8
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
  explicit timer(callback &called) noexcept { who_ = continuation::to(called); }
  ~timer();
  bool armed() const noexcept { return wheel_ != nullptr; }
  time_point deadline() const noexcept { return deadline_; }
  std::string describe() const override;

private:
  bool withdraw() noexcept override;

  friend timer_wheel;
  timer_wheel *wheel_ = nullptr;
  time_point deadline_;
  std::uint32_t number_ = 0;
  std::uint8_t level_ = 0;
  std::uint8_t slot_ = 0;
};

/// Arming and cancelling cost a few instructions, whatever is armed. A timer that fires has moved at most once a level.
class timer_wheel {
public:
  timer_wheel() = default;
  timer_wheel(const timer_wheel &) = delete;
  timer_wheel &operator=(const timer_wheel &) = delete;
  ~timer_wheel();

  bool empty() const noexcept { return armed_ == 0; }

  /// Precondition: not armed. `now` only says how long it will wait.
  void arm(timer &timer, time_point deadline, time_point now) noexcept;
  void cancel(timer &timer) noexcept;

  /// Nothing is due before. The deadline itself where few timers are as near as the next one; else the moment from
  /// which on more can be said. Nothing where no timer is armed.
  std::optional<time_point> next_event() const noexcept;

  /// Moves every timer due at `now` to `due`, the earliest first, those of one deadline as they were armed. Those
  /// whose deadline had passed when they were armed come before the others. `now` never goes back.
  void advance(time_point now, waiter_list &due) noexcept;

private:
  static constexpr unsigned digit_bits = 6;
  static constexpr unsigned slots = 1u << digit_bits;
  static constexpr unsigned levels = 11; // of 6 bits: all of 64
  static constexpr std::uint8_t overdue_level = levels;

  struct position {
    unsigned level;
    unsigned slot;
  };
  static std::uint64_t ticks(time_point at) noexcept;
  /// Precondition: not empty and none is overdue.
  position first_slot() const noexcept;
  std::uint64_t start_of(position at) const noexcept;
  void place(timer &timer) noexcept;
  void fire(timer &timer, waiter_list &due) noexcept;
  void forget(timer &timer) noexcept;
  void empty_slot(position at, waiter_list &due) noexcept;

  std::uint64_t time_ = 0;                       ///< ns; every timer in a slot is due later
  std::size_t armed_ = 0;                        ///< timers, in slots and overdue
  std::uint32_t armed_so_far_ = 0;               ///< numbers for the trace
  std::uint32_t occupied_levels_ = 0;            ///< a bit a level
  std::array<std::uint64_t, levels> occupied_{}; ///< a bit a slot
  waiter_list overdue_;                          ///< armed with a deadline that had passed
  std::array<std::array<waiter_list, slots>, levels> slots_;
};

} // namespace coroscope::detail
