// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a task awaits what knows nothing of loops and cancel scopes: another library's task, a callback's awaiter.
//
//   co_await theirs -> their await_suspend(stand-in) -> … the stand-in is resumed, on any thread -> ready queue of the
//   task's loop -> the task goes on in its own scope -> their await_resume
//
// So only the loop ever resumes a task, whoever was told to. Outside of a loop they get the coroutine itself.
#pragma once

#include <coroscope/detail/transfer.h>
#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace coroscope::detail {

template <class Awaitable>
concept has_co_await = requires(Awaitable &&awaited) { std::forward<Awaitable>(awaited).operator co_await(); } ||
                       requires(Awaitable &&awaited) { operator co_await(std::forward<Awaitable>(awaited)); };

/// What co_await makes of its operand; the operand itself, by reference, where it is an awaiter.
template <class Awaitable> decltype(auto) awaiter_of(Awaitable &&awaited) {
  if constexpr (requires { std::forward<Awaitable>(awaited).operator co_await(); })
    return std::forward<Awaitable>(awaited).operator co_await();
  else if constexpr (has_co_await<Awaitable>)
    return operator co_await(std::forward<Awaitable>(awaited));
  else
    return (awaited);
}

/// What gives it may be of this library.
template <class Awaitable> using awaiter_type = decltype(awaiter_of(std::declval<Awaitable>()));
template <class Awaitable>
concept own_awaitable = std::is_base_of_v<own_awaiter, std::remove_reference_t<awaiter_type<Awaitable>>>;

/// What the other side is given in place of the coroutine. It lives as long as that may resume it.
class stand_in;

/// What does not depend on the awaiter's type. The wait ends when the other side says so; a request to cancel changes
/// nothing in that, but reaches what the other side awaits of ours.
class foreign_wait : public waiter {
protected:
  foreign_wait() noexcept = default;
  ~foreign_wait() {
    if (stand_in_)
      leave(true);
  }

  /// Whom they are to resume; null where the task is cancelled, or has had its turn, and is in the ready queue already.
  template <class Promise> std::coroutine_handle<> start(std::coroutine_handle<Promise> coroutine) {
    if (!this_thread.loop)
      return coroutine;
    return begin(coroutine) ? make_stand_in() : nullptr;
  }
  /// Takes that back: the coroutine goes on at once, and is not resumed.
  void does_not_suspend() noexcept;
  /// "a foreign awaitable, their_type": `function` is that of a member of foreign_await.
  static std::string description(std::source_location function);

private:
  friend stand_in;
  std::coroutine_handle<> make_stand_in();
  void leave(bool may_be_resumed) noexcept;
  bool withdraw() noexcept override { return false; }

  stand_in *stand_in_ = nullptr;
};

template <class Awaitable> class foreign_await final : public foreign_wait {
public:
  explicit foreign_await(Awaitable &&awaited) : awaiter_(awaiter_of(std::forward<Awaitable>(awaited))) {}

  bool await_ready() { return !cancelled_here() && static_cast<bool>(awaiter_.await_ready()) && goes_on(); }

  /// Once they have begun nothing of this is touched: outside of a loop the coroutine may be gone.
  template <class Promise> auto await_suspend(std::coroutine_handle<Promise> coroutine) {
    using answer = decltype(awaiter_.await_suspend(coroutine_type()));
    const coroutine_type to_resume = start(coroutine);
    try {
      if constexpr (std::is_void_v<answer>) {
        if (to_resume)
          awaiter_.await_suspend(to_resume);
      } else if constexpr (std::is_same_v<answer, bool>) {
        const bool suspends = !to_resume || awaiter_.await_suspend(to_resume);
        if (!suspends)
          does_not_suspend();
        return suspends;
      } else {
        return to_resume ? transfer_out(awaiter_.await_suspend(to_resume)) : coroutine_type(std::noop_coroutine());
      }
    } catch (...) {
      does_not_suspend();
      throw;
    }
  }

  decltype(auto) await_resume() {
    end();
    return awaiter_.await_resume();
  }

  std::string describe() const override { return description(std::source_location::current()); }

private:
  using coroutine_type = std::coroutine_handle<>;
  awaiter_type<Awaitable> awaiter_;
};

} // namespace coroscope::detail
