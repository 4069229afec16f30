// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// task<T>: a coroutine that starts when it is awaited, and hands its value or exception to whoever awaits it.
//
//   caller --co_await--> task body --co_return / throw--> its promise --> the caller's await_resume
#pragma once

#include <coroscope/detail/await_task.h>
#include <coroscope/detail/compiler.h>
#include <coroscope/detail/continuation.h>
#include <coroscope/detail/task_promise.h>
#include <coroutine>
#include <utility>

namespace coroscope {
namespace detail {
class spawned_task;
}

/// An asynchronous function's call: lazy, owned by one, awaited once (`co_await f()` or `co_await std::move(t)`).
///
/// The await gives the T that was returned, or throws what was thrown. Destroying the task destroys the coroutine
/// frame, wherever it is suspended, and before it those of the tasks that it awaits. That takes some stack for each of
/// these, without optimisation some 200 bytes, so that 8 MiB do for 30,000; cancelling needs none. T may be void or a
/// reference. asyncio: `async def` and its coroutine object.
///
/// Two defects of g++ 12. It evaluates a co_await that it should not in `co_return a ? co_await b : c` and
/// `while (a && co_await b)` (and so in Catch's CHECK): give the awaited value a name first. And it destroys twice what
/// a closure or another aggregate holds that is made within an awaited expression, as in `co_await f([text] { … })` and
/// `co_await f(aggregate{text})`: give these a name too.
template <class T = void> class [[nodiscard]] COROSCOPE_AWAIT_ELIDABLE task {
public:
  using promise_type = detail::task_promise<T>;
  using value_type = T;

  task(task &&other) noexcept : awaiter_(std::exchange(other.awaiter_.coroutine_, {})) {}
  task &operator=(task &&other) noexcept {
    task(std::move(other)).swap(*this);
    return *this;
  }
  ~task() {
    if (coroutine())
      detail::destroy_task(coroutine());
  }

  void swap(task &other) noexcept { std::swap(awaiter_, other.awaiter_); }

  /// False once it was moved from.
  explicit operator bool() const noexcept { return static_cast<bool>(coroutine()); }

  class awaiter : public detail::own_awaiter {
  public:
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiting) const noexcept {
      return detail::transfer_to_task(coroutine_, awaiting);
    }
    T await_resume() const { return coroutine_.promise().result(); }
#if !COROSCOPE_TRANSFER_IS_TAIL_CALL
    /// What coroutines of this library await in its place.
    detail::task_call<promise_type> called_by(detail::promise_base &caller) const noexcept {
      return {coroutine_, caller};
    }
#endif

  private:
    friend task;
    explicit awaiter(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    std::coroutine_handle<promise_type> coroutine_;
  };

  /// Throws std::logic_error where the task was moved from, or awaited before. What it gives is within the task.
  awaiter &operator co_await() && {
    if (!coroutine() || coroutine().promise().awaited()) [[unlikely]]
      detail::throw_cannot_be_awaited(static_cast<bool>(coroutine()));
    return awaiter_;
  }

  /// For what runs tasks, such as a loop: the coroutine, still owned by the task.
  std::coroutine_handle<promise_type> coroutine() const noexcept { return awaiter_.coroutine_; }

private:
  friend promise_type;
  friend detail::spawned_task;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : awaiter_(coroutine) {}

  /// The coroutine, to be destroyed by destroy_task.
  std::coroutine_handle<promise_type> release() && noexcept { return std::exchange(awaiter_.coroutine_, {}); }

  awaiter awaiter_;
};

} // namespace coroscope
