// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How control goes from one coroutine straight to another without the stack growing without bound.
//
//   await_suspend -> transfer(next) -> next, by symmetric transfer
//                                   \-> parked, where that is not a tail call and the stack has grown: the loop goes on
//                 -> transfer_out(next) -> the same of what is not ours, parked wherever a transfer is not a tail call
#pragma once

#include <coroscope/detail/compiler.h>
#include <coroutine>
#include <cstdint>
#include <utility>

namespace coroscope::detail {

/// One a thread. Outside of a loop nothing is ever parked.
struct trampoline {
  static constexpr std::uintptr_t no_loop = ~std::uintptr_t(0);

  std::coroutine_handle<> parked;
  std::uintptr_t lowest = no_loop; ///< the stack is not to grow below this address by transfers and calls
};
inline constinit thread_local trampoline this_trampoline;

/// Whether there is a loop, and stack for one coroutine more on top of the running one.
inline bool has_stack() noexcept { return !stack_is_below(this_trampoline.lowest); }

/// What await_suspend returns to continue with `next`, which is not ours: it may destroy whoever awaits the one that is
/// left, so that these are to be suspended before it runs.
inline std::coroutine_handle<> transfer_out(std::coroutine_handle<> next) noexcept {
#if !COROSCOPE_TRANSFER_IS_TAIL_CALL
  trampoline &here = this_trampoline;
  if (here.lowest != trampoline::no_loop && !here.parked) {
    here.parked = next;
    return std::noop_coroutine();
  }
#endif
  return next;
}

/// The same for one of ours.
inline std::coroutine_handle<> transfer(std::coroutine_handle<> next) noexcept {
#if !COROSCOPE_TRANSFER_IS_TAIL_CALL
  if (!has_stack()) [[unlikely]]
    return transfer_out(next);
#endif
  return next;
}

/// While this exists, transfers let the stack grow by so much at most.
class bounded_stack {
public:
#if COROSCOPE_TRANSFER_IS_TAIL_CALL
  bounded_stack() noexcept {} // NOLINT(modernize-use-equals-default): a scope, and so used
#else
  bounded_stack() noexcept : before_(this_trampoline.lowest) { this_trampoline.lowest = stack_address() - bytes; }
  bounded_stack(const bounded_stack &) = delete;
  bounded_stack &operator=(const bounded_stack &) = delete;
  ~bounded_stack() { this_trampoline.lowest = before_; }

private:
  static constexpr std::uintptr_t bytes = 64 * 1024;
  std::uintptr_t before_;
#endif
};

/// Resumes `next` and what was parked on the way, each with a stack as shallow as the caller's.
inline void resume_bounded(std::coroutine_handle<> next) {
  next.resume();
#if !COROSCOPE_TRANSFER_IS_TAIL_CALL
  while (this_trampoline.parked) [[unlikely]]
    std::exchange(this_trampoline.parked, {}).resume();
#endif
}

} // namespace coroscope::detail
