// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How control goes from one coroutine straight to another without the stack growing without bound.
//
//   await_suspend -> transfer(next) -> next, by symmetric transfer
//                                   \-> parked, where that is not a tail call and the stack has grown: the loop goes on
#pragma once

#include <coroscope/detail/compiler.h>
#include <coroutine>
#include <cstdint>
#include <utility>

namespace coroscope::detail {

/// One a thread. A loop sets `left` before it resumes a coroutine; outside of a loop nothing is ever parked.
struct trampoline {
  static constexpr std::uint64_t endless = std::uint64_t(1) << 63;
  std::coroutine_handle<> parked;
  std::uint64_t left = endless;
};
inline constinit thread_local trampoline this_trampoline;

/// What await_suspend returns to continue with `next`.
inline std::coroutine_handle<> transfer(std::coroutine_handle<> next) noexcept {
#if !COROSCOPE_TRANSFER_IS_TAIL_CALL
  trampoline &here = this_trampoline;
  if (--here.left == 0) [[unlikely]] {
    here.parked = next;
    return std::noop_coroutine();
  }
#endif
  return next;
}

/// Resumes `next` and whatever was parked on the way, each with a stack as shallow as the caller's.
inline void resume_bounded(std::coroutine_handle<> next) {
#if COROSCOPE_TRANSFER_IS_TAIL_CALL
  next.resume();
#else
  constexpr std::uint64_t transfers_on_one_stack = 256;
  trampoline &here = this_trampoline;
  while (next) {
    here.left = transfers_on_one_stack;
    next.resume();
    next = std::exchange(here.parked, {});
  }
  here.left = trampoline::endless;
#endif
}

} // namespace coroscope::detail
