// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task that runs on its own: what its owner (a loop, a group) and the join handle share of it.
//
//   spawn -> ready queue -> runs -> call() -> joiners become ready, the owner is told and lets go of it
#pragma once

#include <coroscope/cancelled.h>
#include <coroscope/detail/cancel_scope.h>
#include <coroscope/detail/continuation.h>
#include <coroscope/detail/frame_pool.h>
#include <coroscope/detail/intrusive_list.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/task.h>
#include <cstdint>
#include <source_location>
#include <stdexcept>
#include <utility>
#include <vector>

namespace coroscope::detail {

class spawned_task;

/// A scope in which tasks are spawned. It holds them until they have ended.
class task_owner : public cancel_scope {
public:
  task_owner(kind what, cancel_scope *parent, event_loop &loop) noexcept : cancel_scope(what, parent), loop_(&loop) {}
  /// Destroys the frames of the tasks that have not ended.
  ~task_owner() { destroy_tasks(); }

  event_loop &loop() const noexcept { return *loop_; }
  /// Refers to it until it has ended, and makes it ready to start.
  void adopt(spawned_task &spawned) noexcept;
  /// Whether a task has not ended.
  bool has_tasks() const noexcept { return tasks_ != 0; }
  /// Those that have not ended.
  std::vector<spawned_task *> tasks();
  /// Destroys the frame of one of them.
  void destroy(spawned_task &task) noexcept;
  void destroy_tasks() noexcept;

protected:
  /// One of the tasks has ended.
  virtual void task_ended(spawned_task &) noexcept {}

private:
  friend spawned_task;
  event_loop *loop_;
  std::size_t tasks_ = 0;
};

/// Referred to by its owner until it has ended, and by its join handle. Used on the loop's thread only.
class spawned_task final : public calls_derived<spawned_task>, public cancel_scope, public pooled {
public:
  /// Takes the coroutine over. Precondition: `work` was not moved from.
  template <class T> spawned_task(task_owner &owner, task<T> work) noexcept;
  ~spawned_task();

  /// Its coroutine has ended.
  void call() noexcept;
  /// Destroys the coroutine frame, wherever it is suspended; joiners become ready and find no value.
  void abandon() noexcept;

  bool finished() const noexcept { return state_ != state::runs; }
  /// What it failed with, a cancellation too. Null where it did not.
  std::exception_ptr error() const noexcept;
  /// Whether it ended because it was cancelled.
  bool ended_cancelled() const noexcept { return state_ == state::cancelled; }
  /// Somebody has seen, or will see, its exception.
  void mark_taken() noexcept { taken_ = true; }
  /// The value, moved out, or throws: the task's exception; task_cancelled; std::logic_error where the value was taken
  /// before, or the task was destroyed. T is the task's.
  template <class T> T take();

  bool has_started() const noexcept { return !start_.linked(); }
  /// Whether the step that runs on this thread is one of its own, not of a task that was spawned within it.
  bool is_running() const noexcept;
  const continuation &coroutine() const noexcept { return start_.who(); }
  /// The last co_await of its function. Precondition: it was not destroyed.
  const std::source_location &where() const noexcept { return promise().where(); }
  const void *frame() const noexcept { return start_.who().frame(); }
  waiter_list &joiners() noexcept { return joiners_; }

  void refer() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0)
      delete this;
  }

private:
  friend task_owner;
  enum class state : std::uint8_t { runs, ended, cancelled, destroyed };

  /// Throws where the task ended without value or exception of its own.
  void require_outcome() const;
  task_promise_base &promise() const noexcept { return static_cast<task_promise_base &>(*coroutine().promise()); }
  void leave_owner() noexcept;
  void wake_joiners() noexcept;

  state state_ = state::runs;
  bool taken_ = false;
  std::uint32_t references_ = 0;
  ready_entry start_;
  waiter_list joiners_;
};

/// `error` is a coroscope::cancelled.
[[noreturn]] void throw_task_cancelled(const std::exception_ptr &error);

/// Says on stderr that a spawned task failed and nobody looked.
void report_untaken(const std::exception_ptr &error, const std::source_location &where) noexcept;

template <class T>
spawned_task::spawned_task(task_owner &owner, task<T> work) noexcept
    : cancel_scope(kind::task, &owner), start_(continuation::to(work.coroutine()), this) {
  std::move(work).release().promise().continue_with(continuation::to(static_cast<callback &>(*this)));
}

template <class T> T spawned_task::take() {
  require_outcome();
  mark_taken();
  return static_cast<task_promise<T> *>(coroutine().promise())->take();
}

/// Starts `work` in the owner's loop's next turn. Throws std::logic_error where it was moved from, std::bad_alloc.
template <class T> spawned_task &start_in(task_owner &owner, task<T> work) {
  if (!work)
    throw std::logic_error("coroscope: spawn or run of a task that was moved from");
  auto *spawned = new spawned_task(owner, std::move(work));
  owner.adopt(*spawned);
  return *spawned;
}

} // namespace coroscope::detail
