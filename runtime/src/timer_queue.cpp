// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The binary heap of timers. Each timer knows its position, so that it can be taken out of the middle.
#include <algorithm>
#include <coroscope/detail/timer_queue.h>
#include <coroscope/trace.h>

namespace coroscope::detail {

timer::~timer() {
  if (queue_)
    queue_->cancel(*this);
}

timer_queue::~timer_queue() {
  for (timer *armed : heap_)
    armed->queue_ = nullptr;
}

bool timer_queue::before(const timer &a, const timer &b) noexcept {
  return a.deadline_ != b.deadline_ ? a.deadline_ < b.deadline_ : a.number_ < b.number_;
}

void timer_queue::arm(timer &timer, time_point deadline, time_point now) {
  heap_.push_back(&timer);
  timer.queue_ = this;
  timer.deadline_ = deadline;
  timer.number_ = ++armed_so_far_;
  timer.position_ = heap_.size() - 1;
  sift_up(timer.position_);
  const auto wait = std::max(deadline - now, time_point::duration::zero());
  trace::record(trace::event_kind::timer_armed, timer.frame(), timer.number_,
                static_cast<std::uint64_t>(std::chrono::nanoseconds(wait).count()));
}

void timer_queue::cancel(timer &timer) noexcept {
  trace::record(trace::event_kind::timer_cancelled, timer.frame(), timer.number_);
  remove(timer);
}

std::optional<time_point> timer_queue::next_deadline() const noexcept {
  if (heap_.empty())
    return std::nullopt;
  return heap_.front()->deadline_;
}

void timer_queue::take_expired(time_point now, waiter_list &ready) noexcept {
  while (!heap_.empty() && heap_.front()->deadline_ <= now) {
    timer &expired = *heap_.front();
    remove(expired);
    trace::record(trace::event_kind::timer_fired, expired.frame(), expired.number_);
    ready.push_back(expired);
  }
}

void timer_queue::place(std::size_t position, timer &timer) noexcept {
  heap_[position] = &timer;
  timer.position_ = position;
}

void timer_queue::sift_up(std::size_t position) noexcept {
  timer &moving = *heap_[position];
  while (position > 0) {
    const std::size_t parent = (position - 1) / 2;
    if (!before(moving, *heap_[parent]))
      break;
    place(position, *heap_[parent]);
    position = parent;
  }
  place(position, moving);
}

void timer_queue::sift_down(std::size_t position) noexcept {
  timer &moving = *heap_[position];
  for (;;) {
    std::size_t child = 2 * position + 1;
    if (child >= heap_.size())
      break;
    if (child + 1 < heap_.size() && before(*heap_[child + 1], *heap_[child]))
      ++child;
    if (!before(*heap_[child], moving))
      break;
    place(position, *heap_[child]);
    position = child;
  }
  place(position, moving);
}

void timer_queue::remove(timer &timer) noexcept {
  const std::size_t position = timer.position_;
  timer.queue_ = nullptr;
  class timer &last = *heap_.back();
  heap_.pop_back();
  if (&last == &timer)
    return;
  place(position, last);
  sift_up(position);
  sift_down(last.position_);
}

} // namespace coroscope::detail
