// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compilers differ in.
#pragma once

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
