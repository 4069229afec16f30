// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The slots of the timer wheel.
//
// A timer in level k agrees with the wheel's time in all digits above k and has a greater digit k. So the first slot in
// use holds the next timer, and all of it stays true as long as the wheel's time does not pass a slot's start without
// that slot being emptied.
#include <algorithm>
#include <bit>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <string>

namespace coroscope::detail {

namespace {

struct level {
  unsigned shift; ///< a slot is 1 << shift ns wide
  unsigned bits;  ///< there are 1 << bits of them
  unsigned first; ///< number of the first one
};

constexpr auto levels = [] {
  constexpr std::array bits{6u, 7u, 7u, 10u, 6u, 6u, 6u, 6u, 6u, 4u};
  std::array<level, bits.size()> made{};
  for (unsigned i = 0, shift = 0, first = 0; i < bits.size(); ++i) {
    made[i] = {shift, bits[i], first};
    shift += bits[i];
    first += std::max(64u, 1u << bits[i]);
  }
  return made;
}();
static_assert(levels.back().shift + levels.back().bits == 64);

/// The level whose digit holds a bit of the time.
constexpr auto level_of_bit = [] {
  std::array<std::uint8_t, 64> made{};
  for (std::size_t i = 0; i < levels.size(); ++i)
    for (unsigned bit = levels[i].shift; bit < levels[i].shift + levels[i].bits; ++bit)
      made[bit] = static_cast<std::uint8_t>(i);
  return made;
}();

constexpr const level &level_of_slot(unsigned slot) noexcept {
  unsigned at = levels.size() - 1;
  while (levels[at].first > slot)
    --at;
  return levels[at];
}

/// So few that to sort them is cheaper than to move them.
constexpr unsigned few = 32;

bool holds_few(const waiter_list &list) noexcept {
  unsigned count = 0;
  for (auto each = list.begin(); each != list.end(); ++each)
    if (++count > few)
      return false;
  return true;
}

} // namespace

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
  std::for_each(slots_.begin(), slots_.end(), disarm);
}

std::uint64_t timer_wheel::ticks(time_point at) noexcept {
  const std::chrono::nanoseconds since = at.time_since_epoch();
  return static_cast<std::uint64_t>(std::max(since, std::chrono::nanoseconds::zero()).count());
}

void timer_wheel::arm(timer &timer, time_point deadline) noexcept {
  timer.wheel_ = this;
  timer.deadline_ = deadline;
  timer.number_ = ++armed_so_far_;
  ++armed_;
  place(timer);
}

void timer_wheel::place(timer &timer) noexcept {
  const std::uint64_t deadline = ticks(timer.deadline_);
  if (deadline <= time_) {
    timer.slot_ = overdue_slot;
    overdue_.push_back_unlinked(timer);
    return;
  }
  const level &of = levels[level_of_bit[63u - static_cast<unsigned>(std::countl_zero(deadline ^ time_))]];
  const unsigned slot = of.first + (static_cast<unsigned>(deadline >> of.shift) & ((1u << of.bits) - 1));
  timer.slot_ = static_cast<std::uint16_t>(slot);
  slots_[slot].push_back_unlinked(timer);
  occupied_[slot / 64] |= std::uint64_t(1) << slot % 64;
  occupied_groups_ |= 1u << slot / 64;
}

void timer_wheel::set_vacant(unsigned slot) noexcept {
  occupied_[slot / 64] &= ~(std::uint64_t(1) << slot % 64);
  if (occupied_[slot / 64] == 0)
    occupied_groups_ &= ~(1u << slot / 64);
}

void timer_wheel::cancel(timer &timer) noexcept {
  trace::record(trace::event_kind::timer_cancelled, timer.frame(), timer.number_);
  timer.wheel_ = nullptr;
  timer.unlink();
  --armed_;
  if (timer.slot_ != overdue_slot && slots_[timer.slot_].empty())
    set_vacant(timer.slot_);
}

unsigned timer_wheel::first_slot() const noexcept {
  const auto group = static_cast<unsigned>(std::countr_zero(occupied_groups_));
  return group * 64 + static_cast<unsigned>(std::countr_zero(occupied_[group]));
}

std::uint64_t timer_wheel::start_of(unsigned slot) const noexcept {
  const level &of = level_of_slot(slot);
  const unsigned above = of.shift + of.bits;
  return (above == 64 ? 0 : time_ >> above << above) | std::uint64_t(slot - of.first) << of.shift;
}

std::optional<time_point> timer_wheel::next_event() const noexcept {
  if (armed_ == 0)
    return std::nullopt;
  if (!overdue_.empty())
    return time_point(std::chrono::nanoseconds(time_));
  const unsigned first = first_slot();
  if (!holds_few(slots_[first]))
    return time_point(std::chrono::nanoseconds(start_of(first)));
  time_point next = time_point::max();
  for (const waiter &each : slots_[first])
    next = std::min(next, static_cast<const timer &>(each).deadline_);
  return next;
}

void timer_wheel::fire(timer &timer, ready_list &ready) noexcept {
  trace::record(trace::event_kind::timer_fired, timer.frame(), timer.number_);
  timer.wheel_ = nullptr;
  --armed_;
  timer.fulfil_into(ready);
}

/// Moves the timers of a slot that has begun to lower levels.
void timer_wheel::spread(waiter_list &many, ready_list &ready) noexcept {
  while (!many.empty()) {
    timer &first = static_cast<timer &>(many.pop_front());
    if (ticks(first.deadline_) <= time_)
      fire(first, ready);
    else
      place(first);
  }
}

/// Fires what is due, the earliest first, and moves the others to lower levels.
void timer_wheel::sort(waiter_list &few, ready_list &ready) noexcept {
  waiter_list sorted;
  while (!few.empty()) {
    timer &next = static_cast<timer &>(few.pop_front());
    if (ticks(next.deadline_) > time_) {
      place(next);
      continue;
    }
    waiter *before = sorted.last();
    while (before && static_cast<timer *>(before)->deadline_ > next.deadline_)
      before = sorted.before(*before);
    sorted.insert_after(before, next);
  }
  while (!sorted.empty())
    fire(static_cast<timer &>(sorted.pop_front()), ready);
}

void timer_wheel::advance(time_point now, ready_list &ready) noexcept {
  while (!overdue_.empty())
    fire(static_cast<timer &>(overdue_.pop_front()), ready);
  const std::uint64_t until = ticks(now);
  while (occupied_groups_ != 0) {
    const unsigned first = first_slot();
    const std::uint64_t start = start_of(first);
    if (start > until)
      break;
    waiter_list begun;
    begun.take(slots_[first]);
    set_vacant(first);
    if (holds_few(begun)) {
      time_ = std::min(until, start + ((std::uint64_t(1) << level_of_slot(first).shift) - 1));
      sort(begun, ready);
    } else {
      time_ = start;
      begun.prefetch();
      spread(begun, ready);
    }
  }
  time_ = std::max(time_, until);
}

} // namespace coroscope::detail
