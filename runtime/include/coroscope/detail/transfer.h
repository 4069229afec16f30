// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How control goes from one coroutine straight to another without the stack growing without bound.
//
//   await_suspend -> transfer(next) -> next, by symmetric transfer
//                                   \-> parked, where that is not a tail call and the stack has grown: the loop goes on
//                 -> transfer_from(awaiting, next) -> the same, once all who await `awaiting` are suspended
#pragma once

#include <coroscope/detail/compiler.h>
#include <coroutine>
#include <cstdint>
#include <utility>

namespace coroscope::detail {

/// One a thread. Outside of a loop nothing is ever kept in it.
struct trampoline {
  static constexpr std::uintptr_t no_loop = ~std::uintptr_t(0);

  std::coroutine_handle<> parked;
  std::coroutine_handle<> after_callers; ///< goes on when the last of those that have called a coroutine is suspended
  std::uintptr_t lowest = no_loop;       ///< the stack is not to grow below this address by transfers and calls
};
inline constinit thread_local trampoline this_trampoline;

/// Whether there is a loop, and stack for one coroutine more on top of the running one.
inline bool has_stack() noexcept { return !stack_is_below(this_trampoline.lowest); }

/// What await_suspend returns to continue with `next`. Whoever awaits the one that is left is suspended.
inline std::coroutine_handle<> transfer(std::coroutine_handle<> next) noexcept {
#if !COROSCOPE_TRANSFER_IS_TAIL_CALL
  trampoline &here = this_trampoline;
  if (!has_stack() && here.lowest != trampoline::no_loop && !here.parked) [[unlikely]] {
    here.parked = next;
    return std::noop_coroutine();
  }
#endif
  return next;
}

/// Whether others are on the stack that have called `coroutine`.
template <class Promise> bool is_called([[maybe_unused]] std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (requires { coroutine.promise().then().is_back(); })
    return coroutine.promise().then().is_back();
  else
    return false;
}

/// The same in the await_suspend of `awaiting`, which may have been called. Its callers are suspended before `next`
/// goes on, which may destroy them.
template <class Promise>
std::coroutine_handle<> transfer_from(std::coroutine_handle<Promise> awaiting, std::coroutine_handle<> next) noexcept {
  if (is_called(awaiting)) {
    this_trampoline.after_callers = next;
    return std::noop_coroutine();
  }
  return transfer(next);
}

/// The same where `awaiting` waits for what it has called.
template <class Promise> std::coroutine_handle<> transfer_after(std::coroutine_handle<Promise> awaiting) noexcept {
  if (is_called(awaiting) || !this_trampoline.after_callers) [[likely]]
    return std::noop_coroutine();
  return transfer(std::exchange(this_trampoline.after_callers, {}));
}

/// While this exists, transfers let the stack grow by so much at most. It is of the library, which may be of another
/// compiler than the coroutines.
class bounded_stack {
public:
  bounded_stack() noexcept : before_(this_trampoline.lowest) { this_trampoline.lowest = stack_address() - bytes; }
  bounded_stack(const bounded_stack &) = delete;
  bounded_stack &operator=(const bounded_stack &) = delete;
  ~bounded_stack() { this_trampoline.lowest = before_; }

private:
  static constexpr std::uintptr_t bytes = 64 * 1024;
  std::uintptr_t before_;
};

/// Resumes `next` and what was parked on the way, each with a stack as shallow as the caller's.
inline void resume_bounded(std::coroutine_handle<> next) {
  next.resume();
  while (this_trampoline.parked) [[unlikely]]
    std::exchange(this_trampoline.parked, {}).resume();
}

} // namespace coroscope::detail
