// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// join_handle<T>: how to get at the outcome of a spawned task.
//
//   spawn(task<T>) -> join_handle<T> --co_await--> T, or the exception
#pragma once

#include <coroscope/detail/spawned_task.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/trace.h>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace coroscope {

class event_loop;

namespace detail {

/// Waits until a spawned task has ended.
class ended_awaiter : public waiter {
public:
  explicit ended_awaiter(spawned_task &task) noexcept : task_(&task) { task_->refer(); }
  ~ended_awaiter() { task_->release(); }
  bool await_ready() const noexcept { return task_->finished(); }
  void await_suspend(std::coroutine_handle<> coroutine) noexcept {
    suspended(coroutine);
    trace::record(trace::event_kind::awaits, coroutine.address(), reinterpret_cast<std::uintptr_t>(task_->frame()));
    task_->joiners().push_back(*this);
  }
  void await_resume() const noexcept {}

private:
  spawned_task *task_;
};

} // namespace detail

/// A spawned task's handle. Awaiting it waits until the task has ended, and gives its value (moved out: once) or
/// throws its exception. Dropping it lets the task run on: the loop holds it. asyncio: `Task`.
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

  /// Whether the task has ended, with a value or an exception.
  bool done() const { return checked().finished(); }

  class awaiter : public detail::ended_awaiter {
  public:
    explicit awaiter(detail::spawned_task_of<T> &task) noexcept : ended_awaiter(task), task_(&task) {}
    T await_resume() const { return task_->take(); }

  private:
    detail::spawned_task_of<T> *task_;
  };

  /// Throws std::logic_error where the handle was moved from.
  awaiter operator co_await() const { return awaiter(checked()); }

  /// Awaited: waits until the task has ended and leaves its value or exception where it is. Throws std::logic_error
  /// where the handle was moved from.
  [[nodiscard]] detail::ended_awaiter ended() const { return detail::ended_awaiter(checked()); }

private:
  friend event_loop;
  explicit join_handle(detail::spawned_task_of<T> &task) noexcept : task_(&task) { task.refer(); }

  detail::spawned_task_of<T> &checked() const {
    if (!task_)
      throw std::logic_error("coroscope: use of a join_handle that was moved from");
    return *task_;
  }

  detail::spawned_task_of<T> *task_;
};

} // namespace coroscope
