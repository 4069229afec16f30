// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compilers differ in.
#pragma once

#include <cstdint>

/// On a coroutine's return type: where one coroutine awaits another right where it calls it, the callee's frame may
/// live inside the caller's (the caller cannot go on, or be destroyed, before the callee's frame is gone).
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::coro_await_elidable)
#define COROSCOPE_AWAIT_ELIDABLE [[clang::coro_await_elidable]]
#endif
#endif
#ifndef COROSCOPE_AWAIT_ELIDABLE
#define COROSCOPE_AWAIT_ELIDABLE
#endif

/// 1 where symmetric transfer is a tail call at every level. g++ promises that only from -O2 on.
#if defined(__clang__)
#define COROSCOPE_TRANSFER_IS_TAIL_CALL 1
#else
#define COROSCOPE_TRANSFER_IS_TAIL_CALL 0
#endif

/// Who looks after the end of a promise: its destructor, whoever destroys the coroutine, or both, as the library does
/// (COROSCOPE_LIBRARY), which may be of another compiler than the other side. With g++ the function that resumes a
/// coroutine destroys it too, and would save registers, each time, for what the promise's destructor may call.
#if defined(__clang__) || defined(COROSCOPE_LIBRARY)
#define COROSCOPE_PROMISE_ENDS_ITSELF 1
#else
#define COROSCOPE_PROMISE_ENDS_ITSELF 0
#endif
#if !defined(__clang__) || defined(COROSCOPE_LIBRARY)
#define COROSCOPE_DESTROYER_ENDS_PROMISE 1
#else
#define COROSCOPE_DESTROYER_ENDS_PROMISE 0
#endif

/// 1 where the awaiter that await_transform gives by reference is copied all the same, which g++ 12 does.
#if defined(__clang__) || !defined(__GNUC__) || __GNUC__ > 12
#define COROSCOPE_AWAITER_IS_COPIED 0
#else
#define COROSCOPE_AWAITER_IS_COPIED 1
#endif

/// 0 where AddressSanitizer is to see each frame come and go.
#if defined(__SANITIZE_ADDRESS__)
#define COROSCOPE_POOL_FRAMES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COROSCOPE_POOL_FRAMES 0
#endif
#endif
#ifndef COROSCOPE_POOL_FRAMES
#define COROSCOPE_POOL_FRAMES 1
#endif

/// How both compilers call what std::coroutine_handle::resume calls.
#if defined(__clang__) && defined(__i386__)
#define COROSCOPE_RESUME_CALL __attribute__((fastcall))
#else
#define COROSCOPE_RESUME_CALL
#endif

/// On a function that is called rarely: its callers need not save registers for it.
#if defined(__clang__) && (defined(__x86_64__) || defined(__aarch64__))
#define COROSCOPE_HAS_PRESERVE_MOST 1
#define COROSCOPE_PRESERVE_MOST __attribute__((preserve_most))
#else
#define COROSCOPE_HAS_PRESERVE_MOST 0
#define COROSCOPE_PRESERVE_MOST
#endif

/// On what every coroutine does as it begins and ends. g++ foresees the usual way through that only where it has put it
/// in place of the call before it looks.
#if defined(__clang__)
#define COROSCOPE_INLINE_EARLY
#else
#define COROSCOPE_INLINE_EARLY [[gnu::always_inline]]
#endif

namespace coroscope::detail {

/// Where the stack of the running function ends, or nearly.
inline std::uintptr_t stack_address() noexcept {
#if defined(__x86_64__) && defined(__LP64__)
  std::uintptr_t at;               // NOLINT(cppcoreguidelines-init-variables)
  asm("mov %%rsp, %0" : "=r"(at)); // NOLINT(hicpp-no-assembler): the builtin makes the function keep a frame pointer
  return at;
#else
  return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
#endif
}

/// Whether that is below `address`.
inline bool stack_is_below(const std::uintptr_t &address) noexcept {
#if defined(__x86_64__) && defined(__LP64__)
  bool is_below; // NOLINT(cppcoreguidelines-init-variables)
  // NOLINTNEXTLINE(hicpp-no-assembler): one instruction, in each await
  asm("cmp %1, %%rsp" : "=@ccb"(is_below) : "m"(address));
  return is_below;
#else
  return stack_address() < address;
#endif
}

} // namespace coroscope::detail
