// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// event_loop: which coroutine runs next.
//
//        +-> ready queue --resume, one after the other--> coroutines --suspend--+-> timers
//        |                                                                      +-> descriptors
//        +---- what has become ready <---- wait for the kernel or a timer <-----+
#pragma once

#include <chrono>
#include <coroscope/detail/poller.h>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/detail/timer_wheel.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <stdexcept>
#include <utility>

namespace coroscope {

/// Nothing is ready, no timer is armed, no descriptor is watched, and the main task has not ended.
class deadlock_error : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// A loop of one thread. None of its functions may be called from another one.
class event_loop {
public:
  using clock = std::chrono::steady_clock;

  /// Where the loop's time comes from.
  enum class time_source {
    steady_clock,
    /// Time stands still while anything is ready and jumps to the next timer when nothing is: for tests.
    virtual_clock,
  };

  /// Throws std::system_error.
  explicit event_loop(time_source time = time_source::steady_clock);
  event_loop(const event_loop &) = delete;
  event_loop &operator=(const event_loop &) = delete;
  /// Destroys the frames of the tasks that have not ended.
  ~event_loop();

  /// Runs until `main` has ended, and gives its value or throws its exception. Then the frames of all tasks that
  /// were spawned and have not ended are destroyed. Throws deadlock_error where `main` can never end, and
  /// std::logic_error inside a running loop. asyncio: `run`.
  template <class T> T run(task<T> main) {
    require_no_running_loop();
    detail::spawned_task_of<T> &root = start(std::move(main));
    join_handle<T> keeps_it(root);
    run_until_finished(root);
    return root.take();
  }

  /// Starts `work` in the loop's next turn, on its own. The loop holds it until it has ended. asyncio: `create_task`.
  template <class T> join_handle<T> spawn(task<T> work) { return join_handle<T>(start(std::move(work))); }

  clock::time_point now() const noexcept { return time_ == time_source::steady_clock ? clock::now() : virtual_now_; }

  /// For awaiters: `waiter` is resumed after everything that is ready already.
  void make_ready(detail::waiter &waiter) noexcept { ready_.push_back(waiter); }
  /// For awaiters: `timer` is resumed at `deadline`.
  void resume_at(detail::timer &timer, clock::time_point deadline) noexcept { timers_.arm(timer, deadline, now()); }
  /// For awaiters: what waits on descriptors.
  detail::poller &descriptors() noexcept { return descriptors_; }

private:
  friend detail::spawned_task;

  template <class T> detail::spawned_task_of<T> &start(task<T> work) {
    if (!work)
      throw std::logic_error("coroscope: spawn or run of a task that was moved from");
    auto *spawned = new detail::spawned_task_of<T>(*this, std::move(work));
    adopt(*spawned);
    return *spawned;
  }
  static void require_no_running_loop();
  void adopt(detail::spawned_task &spawned) noexcept;
  void run_until_finished(const detail::spawned_task &main);
  void turn(const detail::spawned_task &main);
  void wait_for_events();
  void reap() noexcept;
  void destroy_tasks() noexcept;

  const time_source time_;
  clock::time_point virtual_now_{};
  detail::waiter_list ready_;
  detail::timer_wheel timers_;
  detail::poller descriptors_{ready_};
  detail::intrusive_list<detail::spawned_task> tasks_;
  detail::intrusive_list<detail::spawned_task> finished_;
};

/// The loop that runs on this thread. Throws std::logic_error where none does.
event_loop &current_loop();

/// Runs `main` on a new loop.
template <class T> T run(task<T> main) {
  event_loop loop;
  return loop.run(std::move(main));
}

/// event_loop::spawn on the current loop.
template <class T> join_handle<T> spawn(task<T> work) { return current_loop().spawn(std::move(work)); }

} // namespace coroscope
