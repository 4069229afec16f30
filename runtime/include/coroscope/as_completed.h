// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// as_completed: tasks in the order in which they end.
//
//   join handles -> completions -> co_await next() -> the handle of the one that ended first -> … -> nothing
#pragma once

#include <coroscope/detail/continuation.h>
#include <coroscope/detail/spawned_task.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/join_handle.h>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroscope {

/// Made by as_completed.
template <class T> class completions {
  class arrival;

public:
  /// Throws std::logic_error where a handle was moved from.
  explicit completions(std::vector<join_handle<T>> tasks) : left_(tasks.size()) {
    for (join_handle<T> &each : tasks)
      tasks_.emplace_back(*this, std::move(each));
  }
  completions(const completions &) = delete;
  completions &operator=(const completions &) = delete;

  class next_operation final : public detail::waiter {
  public:
    bool await_ready() noexcept {
      if (cancelled_here())
        return false;
      if (!of_->ended_.empty())
        taken_ = of_->take(of_->ended_.pop_front());
      return (taken_ || of_->left_ == 0) && goes_on();
    }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      if (begin(coroutine))
        of_->waiting_.push_back(*this);
    }
    std::optional<join_handle<T>> await_resume() {
      end();
      if (!taken_)
        return std::nullopt;
      return std::move(taken_->handle);
    }
    std::string describe() const override { return "the next of " + std::to_string(of_->left_) + " tasks to end"; }

  private:
    friend completions;
    explicit next_operation(completions &of) noexcept : of_(&of) {}
    completions *of_;
    arrival *taken_ = nullptr;
  };

  /// Awaited: the handle of the next task that has ended, whose take() gives its value or throws; nothing once all have
  /// been given. A cancelled wait loses none. asyncio: `async for`.
  [[nodiscard]] next_operation next() noexcept { return next_operation(*this); }

private:
  /// Waits for the end of one task, and goes then from its joiners to those that have ended.
  class arrival final : public detail::waiter, public detail::calls_derived<arrival> {
  public:
    arrival(completions &at, join_handle<T> of) : handle(std::move(of)), at_(&at) {
      who_ = detail::continuation::to(static_cast<detail::callback &>(*this));
      detail::spawned_task &task = handle.task();
      if (task.finished())
        at_->ended_.push_back(*this);
      else
        task.joiners().push_back(*this);
    }
    /// The task has ended.
    void call() noexcept { at_->arrive(*this); }
    join_handle<T> handle;

  private:
    completions *at_;
  };

  void arrive(arrival &ended) noexcept {
    if (waiting_.empty()) {
      ended_.push_back(ended);
      return;
    }
    auto &first = static_cast<next_operation &>(waiting_.pop_front());
    first.taken_ = take(ended);
    first.fulfil();
    while (left_ == 0 && !waiting_.empty())
      waiting_.pop_front().fulfil();
  }
  arrival *take(detail::waiter &ended) noexcept {
    --left_;
    return static_cast<arrival *>(&ended);
  }

  std::size_t left_; ///< tasks that have not been given
  std::deque<arrival> tasks_;
  detail::waiter_list ended_;
  detail::waiter_list waiting_;
};

/// The tasks in the order in which they end, each once. They stay whose they are: a group's or the loop's, which hold
/// them, and go on where what this gives is dropped, which outlives those that wait for the next. A task that failed or
/// was cancelled comes like any other. Used on one loop's thread.
/// Throws std::logic_error where a handle was moved from. asyncio: `as_completed`.
template <class T> completions<T> as_completed(std::vector<join_handle<T>> tasks) {
  return completions<T>(std::move(tasks));
}

} // namespace coroscope
