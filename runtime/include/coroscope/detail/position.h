// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The place of a co_await or co_yield, as a default argument gives it.
//
//   f(position here = COROSCOPE_HERE) -> location_of(here) -> std::source_location
//
// It is a pointer, as g++ keeps each argument of class type in the coroutine's frame, for each co_await anew.
#pragma once

#include <bit>
#include <source_location>

namespace coroscope::detail {

/// What a std::source_location holds, with libstdc++ and libc++: where the compiler has put file, function and line.
using position = const void *;
#define COROSCOPE_HERE __builtin_source_location()

inline std::source_location location_of(position here) noexcept { return std::bit_cast<std::source_location>(here); }

} // namespace coroscope::detail
