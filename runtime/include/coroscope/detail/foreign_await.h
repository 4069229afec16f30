// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a task awaits what knows nothing of loops and cancel scopes: another library's task, a callback's awaiter.
//
//   co_await theirs -> their await_suspend(stand-in) -> … the stand-in is resumed, on any thread -> ready queue of the
//   task's loop -> the task goes on in its own scope -> their await_resume
//
// So only the loop ever resumes a task, whoever was told to. Outside of a loop they get the coroutine itself. Their
// await_suspend may destroy whoever awaits the task: where those have called the task, and so are on the stack, it is
// called when the last of them is suspended.
#pragma once

#include <coroscope/detail/transfer.h>
#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <exception>
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
  /// Calls their await_suspend with whom they are to resume, and says who goes on.
  using late_start = std::coroutine_handle<> (*)(foreign_wait &, std::coroutine_handle<> to_resume) noexcept;
  /// What does `how` and resumes whom that gives. Precondition: start() gave whom they are to resume, in a loop.
  std::coroutine_handle<> starting(late_start how) noexcept;
  /// "a foreign awaitable, their_type": `function` is that of a member of foreign_await.
  static std::string description(std::source_location function);

private:
  friend stand_in;
  std::coroutine_handle<> make_stand_in();
  void leave(bool may_be_resumed) noexcept;
  bool withdraw() noexcept override { return false; }

  stand_in *stand_in_ = nullptr;
};

/// The second parameter is the compiler's, so that what one makes of it is not taken for what the other one makes.
template <class Awaitable, bool MayBeCalled = !COROSCOPE_TRANSFER_IS_TAIL_CALL>
class foreign_await final : public foreign_wait {
  using coroutine_type = std::coroutine_handle<>;

public:
  explicit foreign_await(Awaitable &&awaited) : awaiter_(awaiter_of(std::forward<Awaitable>(awaited))) {}

  bool await_ready() { return !cancelled_here() && static_cast<bool>(awaiter_.await_ready()) && goes_on(); }

  /// Once they have begun nothing of this is touched: outside of a loop the coroutine may be gone.
  template <class Promise> auto await_suspend(std::coroutine_handle<Promise> coroutine) {
    const coroutine_type to_resume = start(coroutine);
    if constexpr (MayBeCalled) {
      if (!to_resume)
        return coroutine_type(std::noop_coroutine());
      if (!is_called(coroutine))
        return transfer(next_of(coroutine, to_resume));
      return transfer_from(coroutine, starting([](foreign_wait &self, coroutine_type resumed) noexcept {
                             return static_cast<foreign_await &>(self).next_of_suspended(resumed);
                           }));
    } else if constexpr (std::is_void_v<answer>) {
      if (to_resume)
        begin_theirs(to_resume);
    } else if constexpr (std::is_same_v<answer, bool>) {
      return !to_resume || begin_theirs(to_resume);
    } else {
      return to_resume ? begin_theirs(to_resume) : coroutine_type(std::noop_coroutine());
    }
  }

  decltype(auto) await_resume() {
    if constexpr (MayBeCalled)
      if (failure_) [[unlikely]]
        std::rethrow_exception(std::exchange(failure_, nullptr));
    end();
    return awaiter_.await_resume();
  }

  std::string describe() const override { return description(std::source_location::current()); }

private:
  using answer = decltype(std::declval<awaiter_type<Awaitable> &>().await_suspend(coroutine_type()));
  struct none {};

  answer begin_theirs(coroutine_type to_resume) {
    try {
      if constexpr (std::is_same_v<answer, bool>) {
        const bool suspends = awaiter_.await_suspend(to_resume);
        if (!suspends)
          does_not_suspend();
        return suspends;
      } else {
        return awaiter_.await_suspend(to_resume);
      }
    } catch (...) {
      does_not_suspend();
      throw;
    }
  }
  /// The same; who goes on.
  coroutine_type next_of(coroutine_type coroutine, coroutine_type to_resume) {
    if constexpr (std::is_void_v<answer>) {
      begin_theirs(to_resume);
      return std::noop_coroutine();
    } else if constexpr (std::is_same_v<answer, bool>) {
      return begin_theirs(to_resume) ? coroutine_type(std::noop_coroutine()) : coroutine;
    } else {
      return begin_theirs(to_resume);
    }
  }
  /// The same once the coroutine is suspended, which then is to throw what they throw.
  coroutine_type next_of_suspended(coroutine_type to_resume) noexcept {
    const coroutine_type coroutine = who().target();
    try {
      return next_of(coroutine, to_resume);
    } catch (...) {
      failure_ = std::current_exception();
      return coroutine;
    }
  }

  awaiter_type<Awaitable> awaiter_;
  [[no_unique_address]] std::conditional_t<MayBeCalled, std::exception_ptr, none> failure_;
};

} // namespace coroscope::detail
