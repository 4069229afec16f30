// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// join_handle<T>: how to get at the outcome of a spawned task, and how to cancel it.
//
//   spawn(task<T>) -> join_handle<T> --co_await--> T, or the exception
//                           \---------cancel()---> its awaits throw cancelled
#pragma once

#include <coroscope/cancelled.h>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/trace.h>
#include <cstdint>
#include <exception>
#include <source_location>
#include <stdexcept>
#include <string>
#include <utility>

namespace coroscope {

class event_loop;
class task_group;

namespace detail {

/// Waits until a spawned task has ended.
class ended_awaiter : public waiter {
public:
  explicit ended_awaiter(spawned_task &task) noexcept : task_(&task) { task_->refer(); }
  ~ended_awaiter() { task_->release(); }
  bool await_ready() noexcept { return task_->finished() && !cancelled_here() && goes_on(); }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    trace::record(trace::event_kind::awaits, coroutine.address(), reinterpret_cast<std::uintptr_t>(task_->frame()));
    if (begin(coroutine))
      task_->joiners().push_back(*this);
  }
  void await_resume() const { end(); }
  std::string describe() const override;

protected:
  spawned_task *task_;
};

} // namespace detail

/// What a spawned task is doing.
enum class task_state : std::uint8_t {
  pending,   ///< it has not begun
  running,   ///< the code that asks is its own, or called by it
  suspended, ///< it waits, or is ready to go on and waits for its turn
  done,      ///< it has ended, with a value or an exception; or it was destroyed with its loop or group
  cancelled, ///< it has ended because it was cancelled
};

/// A spawned task's handle. Awaiting it waits until the task has ended, and gives its value (moved out: once) or
/// throws its exception, task_cancelled where it was cancelled. Dropping it lets the task run on: its loop or group
/// holds it. A cancelled wait for it leaves the task alone. asyncio: `Task`.
template <class T = void> class join_handle {
public:
  join_handle(join_handle &&other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  join_handle &operator=(join_handle &&other) noexcept {
    join_handle(std::move(other)).swap(*this);
    return *this;
  }
  ~join_handle() {
    if (task_)
      task_->release();
  }
  void swap(join_handle &other) noexcept { std::swap(task_, other.task_); }

  /// What the task is doing now. One that was asked to end is what it was until it has ended.
  task_state state() const {
    const detail::spawned_task &task = checked();
    if (task.finished())
      return task.ended_cancelled() ? task_state::cancelled : task_state::done;
    if (!task.has_started())
      return task_state::pending;
    return task.is_running() ? task_state::running : task_state::suspended;
  }

  /// Whether the task has ended: with a value, with an exception, or cancelled.
  bool done() const { return checked().finished(); }

  /// Whether it has ended because it was cancelled. asyncio: `Task.cancelled`.
  bool was_cancelled() const { return checked().ended_cancelled(); }

  /// Asks the task to end: each of its awaits throws coroscope::cancelled with this reason from now on, and those of
  /// all that was started within it. It starts all the same if it has not yet. Only the first request counts; a task
  /// that has ended takes no notice. asyncio: `Task.cancel(msg)`.
  void cancel(std::string reason = "join_handle::cancel",
              std::source_location origin = std::source_location::current()) const {
    if (!checked().finished())
      task_->cancel(std::make_exception_ptr(cancelled(std::move(reason), origin)));
  }

  class awaiter : public detail::ended_awaiter {
  public:
    using ended_awaiter::ended_awaiter;
    T await_resume() const {
      end();
      return task_->take<T>();
    }
  };

  /// Throws std::logic_error where the handle was moved from.
  awaiter operator co_await() const { return awaiter(checked()); }

  /// Awaited: waits until the task has ended and leaves its value or exception where it is. Throws std::logic_error
  /// where the handle was moved from.
  [[nodiscard]] detail::ended_awaiter ended() const { return detail::ended_awaiter(checked()); }

  /// The value of a task that has ended; throws as awaiting does. Throws std::logic_error where it has not ended.
  T take() const {
    if (!done())
      throw std::logic_error("coroscope: take() from a task that has not ended");
    return task_->take<T>();
  }

  /// For what waits for many: the task. Throws std::logic_error where the handle was moved from.
  detail::spawned_task &task() const { return checked(); }
  /// For groups: whether this is the task's handle.
  bool refers_to(const detail::spawned_task &task) const noexcept { return task_ == &task; }

private:
  friend event_loop;
  friend task_group;
  explicit join_handle(detail::spawned_task &task) noexcept : task_(&task) { task.refer(); }

  detail::spawned_task &checked() const {
    if (!task_)
      throw std::logic_error("coroscope: use of a join_handle that was moved from");
    return *task_;
  }

  detail::spawned_task *task_;
};

} // namespace coroscope
