// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// async_generator<T>: elements that a coroutine makes, one whenever the next is awaited, and that may wait meanwhile.
//
//   while (auto element = co_await elements.next()) <--co_yield element-- body --co_await--> whatever it waits for
#pragma once

#include <coroscope/detail/continuation.h>
#include <coroscope/detail/position.h>
#include <coroscope/detail/promise_base.h>
#include <coroscope/detail/transfer.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/trace.h>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace coroscope {

/// The body runs within the task that awaits next(), from one co_yield to the following one: a cancellation of that
/// task reaches it, and an exception that leaves it leaves from next() and ends it. Destroying the generator destroys
/// the body wherever it is suspended; what has to be awaited in the end comes before the last element or after it. A
/// task that awaits next() then gets a std::logic_error.
/// asyncio: a function with `async def` and `yield`.
template <class T> class [[nodiscard]] async_generator {
  static_assert(std::is_object_v<T>, "an element is a value: yield a pointer in place of a reference");

public:
  using value_type = T;
  class next_operation;

  class promise_type final : public detail::promise_base {
  public:
    async_generator get_return_object(std::source_location where = std::source_location::current()) noexcept {
      where_ = where;
      return async_generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }

    struct yield_awaiter {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> yielding) const noexcept {
        return detail::transfer(yielding.promise().then().target());
      }
      void await_resume() const noexcept {}
    };
    template <class U>
      requires std::is_convertible_v<U, T>
    yield_awaiter yield_value(U &&element, detail::position here = COROSCOPE_HERE) {
      where_ = detail::location_of(here);
      element_.emplace(std::forward<U>(element));
      return {};
    }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

  private:
    friend async_generator;
    friend next_operation;
    std::optional<T> element_;
    std::exception_ptr error_;
    next_operation *awaited_by_ = nullptr;
  };

  class next_operation : private detail::ready_entry, public detail::own_awaiter {
  public:
    ~next_operation() {
      if (waits_)
        coroutine_.promise().awaited_by_ = nullptr;
    }
    bool await_ready() const noexcept { return coroutine_.done(); }
    /// Throws std::logic_error where another task waits for the next element already.
    template <class Promise> std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiting) {
      promise_type &promise = coroutine_.promise();
      if (promise.awaited_by_)
        throw std::logic_error("coroscope: next() of an async_generator while another task awaits it");
      promise.awaited_by_ = this;
      waits_ = true;
      who_ = detail::continuation::to(awaiting);
      scope_ = detail::this_thread.scope;
      promise.continue_with(who_);
      trace::record(trace::event_kind::awaits, awaiting.address(),
                    reinterpret_cast<std::uintptr_t>(coroutine_.address()));
      return detail::transfer_from(awaiting, coroutine_);
    }
    std::optional<T> await_resume() {
      if (!coroutine_)
        throw std::logic_error("coroscope: an async_generator was destroyed while a task awaited its next element");
      promise_type &promise = coroutine_.promise();
      promise.awaited_by_ = nullptr;
      waits_ = false;
      if (promise.error_)
        std::rethrow_exception(std::exchange(promise.error_, nullptr));
      return std::exchange(promise.element_, std::nullopt);
    }

  private:
    friend async_generator;
    explicit next_operation(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    /// There will be no element: the task that awaits one goes on.
    void give_up() noexcept {
      coroutine_ = nullptr;
      waits_ = false;
      detail::this_thread.ready->push_back(*this);
    }
    std::coroutine_handle<promise_type> coroutine_; ///< null once the generator is gone
    bool waits_ = false;
  };

  async_generator(async_generator &&other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  async_generator &operator=(async_generator &&other) noexcept {
    async_generator(std::move(other)).swap(*this);
    return *this;
  }
  ~async_generator() {
    if (!coroutine_)
      return;
    next_operation *const awaited_by = coroutine_.promise().awaited_by_;
    coroutine_.destroy();
    if (awaited_by)
      awaited_by->give_up();
  }
  void swap(async_generator &other) noexcept { std::swap(coroutine_, other.coroutine_); }

  /// Awaited: the next element; nothing once the body has ended, with an exception too. Throws what the body throws,
  /// and std::logic_error where the generator was moved from. asyncio: `anext`, `async for`.
  [[nodiscard]] next_operation next() const {
    if (!coroutine_)
      throw std::logic_error("coroscope: next() of an async_generator that was moved from");
    return next_operation(coroutine_);
  }

private:
  explicit async_generator(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  std::coroutine_handle<promise_type> coroutine_;
};

} // namespace coroscope
