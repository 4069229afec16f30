// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What this process holds: what a test has more of at its end than at its start has leaked.
#pragma once

#include <cstddef>

namespace coroscope::testing {

/// Open file descriptors.
std::size_t open_descriptors();

/// Bytes of the C library's heap that are in use, those kept by a frame pool included. What a first round of something
/// has made the pools and caches keep is there at a second one's start. With a sanitizer, which has a heap of its own
/// and finds leaks itself, it does not change.
std::size_t heap_in_use() noexcept;

/// Whether a sanitizer makes everything slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
// NOLINTNEXTLINE(misc-redundant-expression): each is 0 or 1
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

} // namespace coroscope::testing
