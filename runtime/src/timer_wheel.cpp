// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The slots of the timer wheel.
//
// A timer in level k agrees with the wheel's time in all digits above k and has a greater digit k. So the lowest level
// in use holds the next timer, within it the lowest slot, and all of it stays true as long as the wheel's time does not
// pass a slot's start without that slot being emptied.
#include <algorithm>
#include <bit>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <string>

namespace coroscope::detail {

timer::~timer() {
  if (wheel_)
    wheel_->cancel(*this);
}

std::string timer::describe() const {
  const std::chrono::nanoseconds left = std::max(deadline_ - this_thread.loop->now(), time_point::duration::zero());
  return "a timer, " + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(left).count()) +
         " ms from now";
}

bool timer::withdraw() noexcept {
  wheel_->cancel(*this);
  return true;
}

timer_wheel::~timer_wheel() {
  const auto disarm = [](waiter_list &list) {
    while (!list.empty())
      static_cast<timer &>(list.pop_front()).wheel_ = nullptr;
  };
  disarm(overdue_);
  for (auto &level : slots_)
    std::for_each(level.begin(), level.end(), disarm);
}

std::uint64_t timer_wheel::ticks(time_point at) noexcept {
  const std::chrono::nanoseconds since = at.time_since_epoch();
  return static_cast<std::uint64_t>(std::max(since, std::chrono::nanoseconds::zero()).count());
}

void timer_wheel::arm(timer &timer, time_point deadline, time_point now) noexcept {
  timer.wheel_ = this;
  timer.deadline_ = deadline;
  timer.number_ = ++armed_so_far_;
  ++armed_;
  place(timer);
  if (trace::recording()) {
    const std::chrono::nanoseconds wait = std::max(deadline - now, time_point::duration::zero());
    trace::record(trace::event_kind::timer_armed, timer.frame(), timer.number_,
                  static_cast<std::uint64_t>(wait.count()));
  }
}

void timer_wheel::place(timer &timer) noexcept {
  const std::uint64_t deadline = ticks(timer.deadline_);
  if (deadline <= time_) {
    timer.level_ = overdue_level;
    overdue_.push_back(timer);
    return;
  }
  const unsigned level = (63u - static_cast<unsigned>(std::countl_zero(deadline ^ time_))) / digit_bits;
  const unsigned slot = static_cast<unsigned>(deadline >> (level * digit_bits)) % slots;
  timer.level_ = static_cast<std::uint8_t>(level);
  timer.slot_ = static_cast<std::uint8_t>(slot);
  slots_[level][slot].push_back(timer);
  occupied_[level] |= std::uint64_t(1) << slot;
  occupied_levels_ |= 1u << level;
}

void timer_wheel::forget(timer &timer) noexcept {
  timer.wheel_ = nullptr;
  timer.unlink();
  --armed_;
  if (timer.level_ == overdue_level || !slots_[timer.level_][timer.slot_].empty())
    return;
  occupied_[timer.level_] &= ~(std::uint64_t(1) << timer.slot_);
  if (occupied_[timer.level_] == 0)
    occupied_levels_ &= ~(1u << timer.level_);
}

void timer_wheel::cancel(timer &timer) noexcept {
  trace::record(trace::event_kind::timer_cancelled, timer.frame(), timer.number_);
  forget(timer);
}

void timer_wheel::fire(timer &timer, waiter_list &due) noexcept {
  forget(timer);
  trace::record(trace::event_kind::timer_fired, timer.frame(), timer.number_);
  due.push_back(timer);
}

timer_wheel::position timer_wheel::first_slot() const noexcept {
  const auto level = static_cast<unsigned>(std::countr_zero(occupied_levels_));
  return {level, static_cast<unsigned>(std::countr_zero(occupied_[level]))};
}

std::uint64_t timer_wheel::start_of(position at) const noexcept {
  const unsigned shift = at.level * digit_bits;
  const std::uint64_t above = at.level + 1 == levels ? 0 : time_ >> (shift + digit_bits) << (shift + digit_bits);
  return above | std::uint64_t(at.slot) << shift;
}

std::optional<time_point> timer_wheel::next_event() const noexcept {
  if (armed_ == 0)
    return std::nullopt;
  if (!overdue_.empty())
    return time_point(std::chrono::nanoseconds(time_));
  const position first = first_slot();
  constexpr unsigned looked_at = 8;
  unsigned count = 0;
  time_point next = time_point::max();
  for (const waiter &each : slots_[first.level][first.slot]) {
    if (++count > looked_at)
      return time_point(std::chrono::nanoseconds(start_of(first)));
    next = std::min(next, static_cast<const timer &>(each).deadline_);
  }
  return next;
}

void timer_wheel::empty_slot(position at, waiter_list &due) noexcept {
  time_ = start_of(at);
  waiter_list &slot = slots_[at.level][at.slot];
  while (!slot.empty()) {
    timer &first = static_cast<timer &>(slot.front());
    if (ticks(first.deadline_) <= time_) {
      fire(first, due);
      continue;
    }
    forget(first);
    first.wheel_ = this;
    ++armed_;
    place(first);
  }
}

void timer_wheel::advance(time_point now, waiter_list &due) noexcept {
  while (!overdue_.empty())
    fire(static_cast<timer &>(overdue_.front()), due);
  const std::uint64_t until = ticks(now);
  while (occupied_levels_ != 0) {
    const position first = first_slot();
    if (start_of(first) > until)
      break;
    empty_slot(first, due);
  }
  time_ = std::max(time_, until);
}

} // namespace coroscope::detail
