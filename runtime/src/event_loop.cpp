// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One turn of the loop after another, until the main task has ended.
//
//   turn:  resume what is ready, so and so many at most  ->  wait (not at all while something is ready)  ->  timers
#include <algorithm>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <optional>

namespace coroscope {

namespace {

thread_local event_loop *running_loop = nullptr;

/// Makes a loop the current one of this thread for as long as it exists.
class running_scope {
public:
  explicit running_scope(event_loop &loop) noexcept { running_loop = &loop; }
  running_scope(const running_scope &) = delete;
  running_scope &operator=(const running_scope &) = delete;
  ~running_scope() { running_loop = nullptr; }
};

} // namespace

event_loop &current_loop() {
  if (!running_loop)
    throw std::logic_error("coroscope: no event loop runs on this thread; call this from a task given to run()");
  return *running_loop;
}

event_loop::event_loop(time_source time) : time_(time) {}

event_loop::~event_loop() { destroy_tasks(); }

void event_loop::require_no_running_loop() {
  if (running_loop)
    throw std::logic_error("coroscope: run() inside a running event loop; co_await or spawn the task instead");
}

void event_loop::adopt(detail::spawned_task &spawned) noexcept {
  spawned.refer();
  tasks_.push_back(spawned);
  ready_.push_back(spawned.start());
  trace::record(trace::event_kind::task_spawned, spawned.frame());
}

void event_loop::run_until_finished(const detail::spawned_task &main) {
  running_scope scope(*this);
  try {
    while (!main.finished())
      turn(main);
  } catch (...) {
    destroy_tasks();
    throw;
  }
  destroy_tasks();
}

void event_loop::turn(const detail::spawned_task &main) {
  constexpr unsigned most_steps_in_a_turn = 128;
  for (unsigned left = most_steps_in_a_turn; left != 0 && !ready_.empty(); --left) {
    detail::resume_bounded(ready_.pop_front().coroutine());
    reap();
    if (main.finished())
      return;
  }
  wait_for_events();
}

void event_loop::wait_for_events() {
  const std::optional<clock::time_point> next = timers_.next_event();
  if (ready_.empty() && !next && !descriptors_.watching())
    throw deadlock_error("coroscope: deadlock: no task is ready, no timer is armed and no descriptor is awaited, "
                         "but the main task has not ended; what it awaits can never happen");

  using std::chrono::nanoseconds;
  const bool jumps = time_ == time_source::virtual_clock;
  std::optional<nanoseconds> longest;
  if (!ready_.empty() || (jumps && next))
    longest = nanoseconds::zero();
  else if (next)
    longest = std::max<nanoseconds>(*next - now(), nanoseconds::zero());
  if (descriptors_.watching() || longest != nanoseconds::zero())
    descriptors_.poll(longest);

  if (!next)
    return;
  if (jumps && ready_.empty())
    virtual_now_ = std::max(virtual_now_, *next);
  timers_.advance(now(), ready_);
}

void event_loop::reap() noexcept {
  while (!finished_.empty())
    finished_.pop_front().release();
}

void event_loop::destroy_tasks() noexcept {
  while (!tasks_.empty()) {
    detail::spawned_task &left = tasks_.pop_front();
    left.abandon();
    left.release();
  }
  reap();
}

} // namespace coroscope
