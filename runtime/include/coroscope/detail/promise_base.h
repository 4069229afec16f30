// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is the same in the promise of every coroutine of ours: who goes on when it ends or yields, and where it is.
//
//   co_await x (line 7) -> await_transform notes the line -> x
//   co_return, throw    -> final_awaiter -> continuation
#pragma once

#include <coroscope/detail/continuation.h>
#include <coroscope/detail/foreign_await.h>
#include <coroscope/detail/frame_pool.h>
#include <coroscope/detail/position.h>
#include <coroscope/detail/transfer.h>
#include <coroutine>
#include <source_location>
#include <type_traits>
#include <utility>

namespace coroscope::detail {

#if COROSCOPE_AWAITER_IS_COPIED
template <class Awaiter> class awaiter_reference {
public:
  explicit awaiter_reference(Awaiter &awaiter) noexcept : awaiter_(&awaiter) {}
  decltype(auto) await_ready() { return awaiter_->await_ready(); }
  template <class Promise> decltype(auto) await_suspend(std::coroutine_handle<Promise> coroutine) {
    return awaiter_->await_suspend(coroutine);
  }
  decltype(auto) await_resume() { return awaiter_->await_resume(); }

private:
  Awaiter *awaiter_;
};
#else
template <class Awaiter> using awaiter_reference = Awaiter &;
#endif

/// What is to be called where a transfer is no tail call: see await_task.h.
template <class Awaitable>
concept called_awaitable = requires(promise_base &caller, Awaitable &&awaited) {
  awaiter_of(std::forward<Awaitable>(awaited)).called_by(caller);
};

class promise_base : public pooled {
public:
  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
      const continuation then = static_cast<promise_base &>(finished.promise()).then_;
      if (__builtin_expect(then.is_back(), !COROSCOPE_TRANSFER_IS_TAIL_CALL))
        return std::noop_coroutine();
      return transfer(then.target());
    }
    void await_resume() const noexcept {}
  };
  final_awaiter final_suspend() const noexcept { return {}; }

  /// Notes where the coroutine is about to wait, and gives the awaiter, or for one that is not ours what awaits it.
  template <class Awaitable> decltype(auto) await_transform(Awaitable &&awaited, position here = COROSCOPE_HERE) {
    where_ = location_of(here);
    if constexpr (!own_awaitable<Awaitable>)
      return foreign_await<Awaitable>(std::forward<Awaitable>(awaited));
    else if constexpr (called_awaitable<Awaitable>)
      return awaiter_of(std::forward<Awaitable>(awaited)).called_by(*this);
    else if constexpr (has_co_await<Awaitable>)
      return awaiter_of(std::forward<Awaitable>(awaited));
    else
      return awaiter_reference<std::remove_reference_t<Awaitable>>(awaited);
  }

  void continue_with(continuation then) noexcept { then_ = then; }
  bool awaited() const noexcept { return static_cast<bool>(then_); }
  /// Who awaits it.
  const continuation &then() const noexcept { return then_; }

  /// The last co_await that was reached; the coroutine's head before that.
  const std::source_location &where() const noexcept { return where_; }

protected:
  std::source_location where_;

private:
  continuation then_;
};

} // namespace coroscope::detail
