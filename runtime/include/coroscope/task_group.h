// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// task_group: tasks that run side by side and have all ended when the group ends.
//
//   with_task_group(body) -> body(group) -> group.spawn(child) … -> all have ended -> body's value
//                                               \-- one fails -> body and the other children are cancelled -> its error
#pragma once

#include <coroscope/cancelled.h>
#include <coroscope/detail/in_scope.h>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/event_loop.h>
#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <cstddef>
#include <exception>
#include <functional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace coroscope {

/// Several tasks of a group have failed. asyncio: `ExceptionGroup`.
class error_group : public std::exception {
public:
  /// Precondition: not empty.
  explicit error_group(std::vector<std::exception_ptr> errors);
  /// All of them, in the order in which they occurred.
  const std::vector<std::exception_ptr> &errors() const noexcept { return errors_; }
  const char *what() const noexcept override { return what_.c_str(); }

private:
  std::vector<std::exception_ptr> errors_;
  std::string what_;
};

/// Tasks that belong together. Made by with_task_group. Used on its loop's thread only. asyncio: `TaskGroup`.
class task_group : protected detail::task_owner {
public:
  task_group(const task_group &) = delete;
  task_group &operator=(const task_group &) = delete;

  /// Starts `work` in the loop's next turn. The group holds it until it has ended. In a group that is cancelled it
  /// starts too, and its first await throws. Throws std::logic_error where `work` was moved from. asyncio:
  /// `TaskGroup.create_task`.
  template <class T> join_handle<T> spawn(task<T> work) {
    return join_handle<T>(detail::start_in(*this, std::move(work)));
  }

  /// Cancels the body and every child. The group then ends without an error of its own.
  void cancel(std::string reason = "task_group::cancel",
              std::source_location origin = std::source_location::current()) {
    cancel_scope::cancel(std::make_exception_ptr(cancelled(std::move(reason), origin)));
  }

  /// Whether a child has not ended.
  bool has_children() const noexcept { return has_tasks(); }

protected:
  task_group() : task_owner(kind::group, detail::this_thread.scope, current_loop()) {}
  ~task_group() = default;

  /// One more error, of what has failed at `where`, unless it is the group's cancellation or has been noted already.
  /// Cancels the others.
  void fail(const std::exception_ptr &error, const std::source_location &where) noexcept;
  void task_ended(detail::spawned_task &ended) noexcept override;
  /// Throws the error where there is one, an error_group where there are several.
  void rethrow_errors() const;
  /// Throws what an outer scope was cancelled with, where that ended the body or a child early.
  void rethrow_outer_cancellation() const;

  /// Waits until no child is left; cannot be cancelled, since the children are.
  class all_ended final : public detail::waiter {
  public:
    explicit all_ended(task_group &group) noexcept : group_(&group) {}
    bool await_ready() const noexcept { return !group_->has_children(); }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      begin_to_end(coroutine);
      group_->waiting_ = this;
    }
    void await_resume() const noexcept {}
    std::string describe() const override { return "the end of a group's tasks"; }

  private:
    bool withdraw() noexcept override { return false; }
    task_group *group_;
  };

private:
  std::vector<std::exception_ptr> errors_;
  all_ended *waiting_ = nullptr;
  bool ended_early_ = false;
};

namespace detail {

/// A group as with_task_group and its like hold it.
class held_group : public task_group {
public:
  held_group() = default;
  detail::cancel_scope &scope() noexcept { return *this; }
  using task_group::fail;
  using task_group::rethrow_errors;
  using task_group::rethrow_outer_cancellation;
  all_ended ended() noexcept { return all_ended(*this); }
};

template <class Body>
using value_of_body = typename std::remove_cvref_t<std::invoke_result_t<Body &, task_group &>>::value_type;

} // namespace detail

/// Runs `body(group)`, which gives a task, and then waits for every child that was spawned in the group.
///
/// The first of body and children that fails has the others cancelled; when all have ended, its exception is thrown, or
/// an error_group where more than one has failed. A cancellation from outside reaches body and children, and leaves
/// when they have ended. A child that is cancelled through its handle is no failure. Where task_group::cancel ended the
/// body early, this returns where the body has no value to give, and throws task_cancelled where it has one.
/// The body may capture by reference: it lives until the group has ended.
template <std::invocable<task_group &> Body> task<detail::value_of_body<Body>> with_task_group(Body body) {
  detail::held_group group;
  auto work = std::invoke(body, static_cast<task_group &>(group));
  co_await detail::in_scope(group.scope(), work);
  const std::exception_ptr error = detail::error_of(work);
  if (error)
    group.fail(error, work.coroutine().promise().where());
  while (group.has_children()) // one may be spawned from outside when the last has just ended
    co_await group.ended();
  group.rethrow_errors();
  group.rethrow_outer_cancellation();
  if constexpr (!std::is_void_v<detail::value_of_body<Body>>) {
    if (error)
      detail::throw_task_cancelled(error);
    co_return detail::take(work);
  }
}

} // namespace coroscope
