// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// task<T>: a coroutine that starts when it is awaited, and hands its value or exception to whoever awaits it.
//
//   caller --co_await--> task body --co_return / throw--> its promise --> the caller's await_resume
#pragma once

#include <coroscope/detail/compiler.h>
#include <coroscope/detail/continuation.h>
#include <coroscope/detail/outcome.h>
#include <coroscope/detail/promise_base.h>
#include <coroscope/detail/transfer.h>
#include <coroscope/detail/value_slot.h>
#include <coroscope/trace.h>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <source_location>
#include <type_traits>
#include <utility>

namespace coroscope {

template <class T> class task;

namespace detail {

template <class T> class task_promise_result : public promise_base {
public:
  template <class U = T>
    requires std::is_convertible_v<U, T>
  void return_value(U &&value) {
    value_.emplace(std::forward<U>(value));
  }

protected:
  value_slot<T> value_;
};

template <> class task_promise_result<void> : public promise_base {
public:
  void return_void() noexcept { value_.emplace(); }

protected:
  value_slot<void> value_;
};

template <class T> class task_promise final : public task_promise_result<T> {
public:
  task<T> get_return_object(std::source_location where = std::source_location::current()) noexcept {
    this->where_ = where;
    return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
  }
  void unhandled_exception() noexcept {
    this->value_.reset();
    this->error_ = std::current_exception();
  }

  /// The value, moved out: once. Throws the exception where there is one, std::logic_error where there is nothing.
  T take() {
    if (!this->value_.full()) [[unlikely]]
      throw_without_value(this->error_);
    return this->value_.take();
  }
};

} // namespace detail

/// An asynchronous function's call: lazy, owned by one, awaited once (`co_await f()` or `co_await std::move(t)`).
///
/// The await gives the T that was returned, or throws what was thrown. Destroying the task destroys the coroutine
/// frame, wherever it is suspended. T may be void or a reference. asyncio: `async def` and its coroutine object.
///
/// g++ 12 evaluates a co_await that it should not in `co_return a ? co_await b : c` and `while (a && co_await b)`
/// (and so in Catch's CHECK): give the awaited value a name first.
template <class T = void> class [[nodiscard]] COROSCOPE_AWAIT_ELIDABLE task {
public:
  using promise_type = detail::task_promise<T>;
  using value_type = T;

  task(task &&other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  task &operator=(task &&other) noexcept {
    task(std::move(other)).swap(*this);
    return *this;
  }
  ~task() {
    if (!coroutine_)
      return;
    if (!coroutine_.promise().awaited()) [[unlikely]]
      detail::report_never_awaited(coroutine_.promise().where());
    coroutine_.destroy();
  }

  void swap(task &other) noexcept { std::swap(coroutine_, other.coroutine_); }

  /// False once it was moved from.
  explicit operator bool() const noexcept { return static_cast<bool>(coroutine_); }

  class awaiter {
  public:
    explicit awaiter(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiting) const noexcept {
      coroutine_.promise().continue_with(detail::continuation::to(awaiting));
      trace::record(trace::event_kind::awaits, awaiting.address(), frame_address(coroutine_));
      return detail::transfer(coroutine_);
    }
    T await_resume() const { return coroutine_.promise().take(); }

  private:
    static std::uint64_t frame_address(std::coroutine_handle<> coroutine) noexcept {
      return reinterpret_cast<std::uintptr_t>(coroutine.address());
    }
    std::coroutine_handle<promise_type> coroutine_;
  };

  /// Throws std::logic_error where the task was moved from, or awaited before.
  awaiter operator co_await() && {
    if (!coroutine_ || coroutine_.promise().awaited()) [[unlikely]]
      detail::throw_cannot_be_awaited(static_cast<bool>(coroutine_));
    return awaiter(coroutine_);
  }

  /// For what runs tasks, such as a loop: the coroutine, still owned by the task.
  std::coroutine_handle<promise_type> coroutine() const noexcept { return coroutine_; }

  /// The same, which the caller then owns.
  std::coroutine_handle<promise_type> release() && noexcept { return std::exchange(coroutine_, {}); }

private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

} // namespace coroscope
