// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One turn of the loop after another, until the main task has ended; then the others are brought to their end.
//
//   turn:  resume what is ready, so and so many at most  ->  wait (not at all while something is ready)  ->  timers
#include <algorithm>
#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/detail/frame_pool.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace coroscope {

namespace {

/// Makes a loop the current one of this thread for as long as it exists.
class running_scope {
public:
  running_scope(event_loop &loop, detail::ready_list &ready) noexcept : before_(detail::this_thread) {
    detail::this_thread = {&loop, &ready};
  }
  running_scope(const running_scope &) = delete;
  running_scope &operator=(const running_scope &) = delete;
  ~running_scope() { detail::this_thread = before_; }

private:
  detail::running before_;
  detail::bounded_stack bounded_;
  detail::frame_pool::keeping keeping_;
};

/// Tells the recorder that what goes on on this thread goes on by its loop.
class recorded_loop {
public:
  recorded_loop() noexcept { trace::record(trace::event_kind::loop_begin); }
  recorded_loop(const recorded_loop &) = delete;
  recorded_loop &operator=(const recorded_loop &) = delete;
  ~recorded_loop() { trace::record(trace::event_kind::loop_end); }
};

} // namespace

void detail::throw_no_loop() {
  throw std::logic_error("coroscope: no event loop runs on this thread; call this from a task given to run()");
}

event_loop::event_loop(time_source time, io_backend io) : time_(time), descriptors_(detail::poller::make(io)) {
  if (time == time_source::virtual_clock)
    watch_.set_limit(std::chrono::nanoseconds::max());
}

event_loop::~event_loop() {
  destroy_tasks();
  while (outside_.load(std::memory_order_acquire) != 0) // what they brought was delivered, but they still wake the loop
    std::this_thread::yield();
}

void event_loop::require_no_running_loop() {
  if (detail::this_thread.loop)
    throw std::logic_error("coroscope: run() inside a running event loop; co_await or spawn the task instead");
}

void event_loop::record_armed(const detail::timer &timer) const noexcept {
  const std::chrono::nanoseconds wait = std::max(timer.deadline() - now(), clock::duration::zero());
  trace::record(trace::event_kind::timer_armed, timer.frame(), timer.number(),
                static_cast<std::uint64_t>(wait.count()));
}

void event_loop::interrupt() noexcept {
  outside_.fetch_add(1, std::memory_order_relaxed);
  interrupted_.store(true);
  descriptors_->wake();
  outside_.fetch_sub(1, std::memory_order_release);
}

void event_loop::post(detail::mail &letter) noexcept {
  trace::record(trace::event_kind::posted, nullptr, reinterpret_cast<std::uintptr_t>(&letter));
  post_from_handler(letter);
}

void event_loop::post_from_handler(detail::mail &letter) noexcept {
  outside_.fetch_add(1, std::memory_order_relaxed);
  if (mailbox_.put(letter))
    descriptors_->wake();
  outside_.fetch_sub(1, std::memory_order_release);
}

void event_loop::end_outside_work() noexcept {
  outside_.fetch_add(1, std::memory_order_relaxed);
  outside_work_.fetch_sub(1, std::memory_order_release);
  descriptors_->wake();
  outside_.fetch_sub(1, std::memory_order_release);
}

void event_loop::run_until_finished(detail::spawned_task &main) {
  running_scope scope(*this, ready_);
  const recorded_loop recorded;
  surplus_until_.reset();
  try {
    tasks_.main = &main;
    while (!main.finished()) {
      if (stuck() && !interrupted_.load())
        throw deadlock_error("coroscope: deadlock: no task is ready, no timer is armed and no descriptor is awaited, "
                             "but the main task has not ended; what it awaits can never happen. (What other threads "
                             "are going to post does not count, unless there is outside_work.)\n" +
                             await_tree());
      turn();
    }
    tasks_.main = nullptr;
    shut_down(main);
  } catch (...) {
    tasks_.main = nullptr;
    destroy_tasks();
    throw;
  }
}

void event_loop::shut_down(const detail::spawned_task &main) {
  if (tasks_.has_tasks()) {
    tasks_.cancel(std::make_exception_ptr(cancelled("the main task has ended", main.where())));
    while (tasks_.has_tasks() && !stuck()) {
      turn();
      if (std::exchange(detail::this_thread.lost_patience, false))
        destroy_stubborn_tasks();
    }
    tasks_.forget_cancellation();
  }
  destroy_tasks();
}

void event_loop::destroy_stubborn_tasks() {
  using detail::cancel_scope;
  const auto is_stubborn = [](const cancel_scope &top) {
    const cancel_scope *at = &top;
    while (at && at->refused_waits() < cancel_scope::patience)
      at = at->next_within(top);
    return at != nullptr;
  };
  std::vector<detail::spawned_task *> stubborn;
  std::string trees;
  for (detail::spawned_task *const each : tasks_.tasks())
    if (is_stubborn(*each)) {
      stubborn.push_back(each);
      trees += await_tree_of(*each);
    }
  if (stubborn.empty())
    return; // they have ended in the meantime
  std::fprintf(stderr,
               "coroscope: the main task has ended, but these tasks swallow their cancellation again and again; they "
               "are destroyed:\n%s",
               trees.c_str());
  for (detail::spawned_task *const each : stubborn)
    tasks_.destroy(*each);
}

void event_loop::turn() {
  detail::spawned_task *const main = tasks_.main;
  if (main && interrupted_.load(std::memory_order_relaxed) && interrupted_.exchange(false))
    main->cancel(std::make_exception_ptr(cancelled("interrupted")));
  if (!mailbox_.empty())
    mailbox_.deliver();
  watch_.begin_turn();
  detail::this_thread.steps_in_turn = 128;
  unsigned step = 0;
  for (; step < detail::this_thread.steps_in_turn && !ready_.empty(); ++step) {
    detail::ready_entry &next = ready_.pop_front();
    const detail::continuation who = next.who();
    detail::this_thread.scope = next.leave_scope();
    detail::this_thread.ready_awaits = 128;
    watch_.begin_step(step, who);
    detail::resume_bounded(who.target());
    watch_.end_step(step);
  }
  watch_.end_turn(step);
  detail::this_thread.scope = nullptr;
  if (main && main->finished())
    return;
  wait_for_events();
}

bool event_loop::mail_is_coming() const noexcept {
  return expected_ != 0 || outside_work_.load(std::memory_order_acquire) != 0;
}

bool event_loop::stuck() const noexcept {
  const bool mail_may_come =
      mail_is_coming() || (hoped_for_ != 0 && time_ == time_source::steady_clock) || !mailbox_.empty();
  return ready_.empty() && timers_.empty() && !descriptors_->watching() && !mail_may_come;
}

void event_loop::wait_for_events() {
  using std::chrono::nanoseconds;
  const std::optional<clock::time_point> next = timers_.next_event();
  const bool is_virtual = time_ == time_source::virtual_clock;
  const bool jumps = is_virtual && !mail_is_coming();
  std::optional<nanoseconds> longest;
  if (!ready_.empty() || (jumps && next) || stuck())
    longest = nanoseconds::zero();
  else if (next && !is_virtual)
    longest = std::max<nanoseconds>(*next - now(), nanoseconds::zero());
  if (detail::frame_pool::has_surplus() && longest != nanoseconds::zero())
    longest = keep_surplus_for_a_second(longest);
  if (descriptors_->watching() || longest != nanoseconds::zero()) {
    descriptors_->poll(longest);
    watch_.has_polled();
  }

  if (!next)
    return;
  if (jumps && ready_.empty() && mailbox_.empty())
    virtual_now_ = std::max(virtual_now_, *next);
  timers_.advance(now(), ready_);
}

std::optional<std::chrono::nanoseconds>
event_loop::keep_surplus_for_a_second(std::optional<std::chrono::nanoseconds> longest) noexcept {
  const clock::time_point at = clock::now();
  if (!surplus_until_)
    surplus_until_ = at + std::chrono::seconds(1);
  if (at >= *surplus_until_) {
    surplus_until_.reset();
    detail::frame_pool::free_surplus();
    return longest;
  }
  return std::min<std::chrono::nanoseconds>(longest.value_or(std::chrono::nanoseconds::max()), *surplus_until_ - at);
}

void event_loop::destroy_tasks() noexcept {
  running_scope scope(*this, ready_);
  tasks_.destroy_tasks();
}

} // namespace coroscope
