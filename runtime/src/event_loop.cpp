// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One turn of the loop after another, until the main task has ended; then the others are brought to their end.
//
//   turn:  resume what is ready, so and so many at most  ->  wait (not at all while something is ready)  ->  timers
#include <algorithm>
#include <coroscope/cancelled.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <thread>

namespace coroscope {

namespace {

/// Makes a loop the current one of this thread for as long as it exists.
class running_scope {
public:
  running_scope(event_loop &loop, detail::intrusive_list<detail::ready_entry> &ready) noexcept
      : before_(detail::this_thread) {
    detail::this_thread = {&loop, &ready, nullptr, 0};
  }
  running_scope(const running_scope &) = delete;
  running_scope &operator=(const running_scope &) = delete;
  ~running_scope() { detail::this_thread = before_; }

private:
  detail::running before_;
};

} // namespace

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

void event_loop::interrupt() noexcept {
  outside_.fetch_add(1, std::memory_order_relaxed);
  interrupted_.store(true);
  descriptors_->wake();
  outside_.fetch_sub(1, std::memory_order_release);
}

void event_loop::post(detail::mail &letter) noexcept {
  trace::record(trace::event_kind::posted);
  post_from_handler(letter);
}

void event_loop::post_from_handler(detail::mail &letter) noexcept {
  outside_.fetch_add(1, std::memory_order_relaxed);
  if (mailbox_.put(letter))
    descriptors_->wake();
  outside_.fetch_sub(1, std::memory_order_release);
}

void event_loop::run_until_finished(detail::spawned_task &main) {
  running_scope scope(*this, ready_);
  try {
    while (!main.finished()) {
      if (stuck() && !interrupted_.load())
        throw deadlock_error("coroscope: deadlock: no task is ready, no timer is armed and no descriptor is awaited, "
                             "but the main task has not ended; what it awaits can never happen\n" +
                             await_tree());
      turn(&main);
    }
    detail::this_thread.refused_waits = 0;
    shut_down();
  } catch (...) {
    destroy_tasks();
    throw;
  }
}

void event_loop::shut_down() {
  if (tasks_.has_tasks()) {
    constexpr std::size_t patience = 10'000;
    tasks_.cancel(std::make_exception_ptr(cancelled("the main task has ended")));
    while (tasks_.has_tasks() && !stuck() && detail::this_thread.refused_waits < patience)
      turn(nullptr);
    if (detail::this_thread.refused_waits >= patience)
      std::fprintf(stderr,
                   "coroscope: the main task has ended, but these tasks swallow their cancellation again and again; "
                   "they are destroyed:\n%s",
                   await_tree().c_str());
    tasks_.forget_cancellation();
  }
  destroy_tasks();
}

void event_loop::turn(detail::spawned_task *main) {
  if (main && interrupted_.load(std::memory_order_relaxed) && interrupted_.exchange(false))
    main->cancel(std::make_exception_ptr(cancelled("interrupted")));
  if (!mailbox_.empty())
    mailbox_.deliver();
  watch_.begin_turn();
  constexpr unsigned most_steps_in_a_turn = 128;
  for (unsigned left = most_steps_in_a_turn; left != 0 && !ready_.empty(); --left) {
    step();
    if (main && main->finished())
      break;
  }
  watch_.end_turn();
  detail::this_thread.scope = nullptr;
  if (main && main->finished())
    return;
  wait_for_events();
}

void event_loop::step() {
  detail::ready_entry &next = ready_.pop_front();
  detail::this_thread.scope = next.leave_scope();
  watch_.begin_step(next.who());
  if (detail::callback *const called = next.who().called())
    called->call();
  else
    detail::resume_bounded(next.who().coroutine());
  reap();
  watch_.end_step();
}

bool event_loop::stuck() const noexcept {
  const bool mail_may_come =
      expected_ != 0 || (hoped_for_ != 0 && time_ == time_source::steady_clock) || !mailbox_.empty();
  return ready_.empty() && timers_.empty() && !descriptors_->watching() && !mail_may_come;
}

void event_loop::wait_for_events() {
  using std::chrono::nanoseconds;
  const std::optional<clock::time_point> next = timers_.next_event();
  const bool is_virtual = time_ == time_source::virtual_clock;
  const bool jumps = is_virtual && expected_ == 0;
  std::optional<nanoseconds> longest;
  if (!ready_.empty() || (jumps && next) || stuck())
    longest = nanoseconds::zero();
  else if (next && !is_virtual)
    longest = std::max<nanoseconds>(*next - now(), nanoseconds::zero());
  if (descriptors_->watching() || longest != nanoseconds::zero())
    descriptors_->poll(longest);

  if (!next)
    return;
  if (jumps && ready_.empty() && mailbox_.empty())
    virtual_now_ = std::max(virtual_now_, *next);
  detail::waiter_list due;
  timers_.advance(now(), due);
  while (!due.empty())
    due.pop_front().fulfil();
}

void event_loop::reap() noexcept {
  while (!finished_.empty())
    finished_.pop_front().release();
}

void event_loop::destroy_tasks() noexcept {
  running_scope scope(*this, ready_);
  tasks_.destroy_tasks();
  reap();
}

} // namespace coroscope
