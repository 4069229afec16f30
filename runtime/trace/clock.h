// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What time an event is stamped with: the CPU's time-stamp counter where it can be trusted, else CLOCK_MONOTONIC.
//
//   counter >> shift --> tick (1 to 2 ns)     the pairs (tick, ns) in the file turn ticks into nanoseconds
#pragma once

#include "format.h"

#include <cstdint>
#include <ctime>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace coroscope::trace {

inline std::uint64_t monotonic_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

struct event_clock {
  format::clock_kind kind = format::clock_kind::monotonic;
  std::uint32_t shift = 0;

  /// Of the time-stamp counter; `kind` must be that. In general rdtscp and not rdtsc: it waits for earlier loads, so
  /// that an event that saw another thread's event is later. `alone`, no other thread has events: a third less of the
  /// time.
  [[nodiscard]] std::uint64_t counter(bool alone) const noexcept {
#if defined(__x86_64__)
    unsigned processor;
    return (alone ? __rdtsc() : __rdtscp(&processor)) >> shift;
#else
    static_cast<void>(alone);
    return 0;
#endif
  }

  [[nodiscard]] std::uint64_t now(bool alone = false) const noexcept {
    return kind == format::clock_kind::tsc ? counter(alone) : monotonic_ns();
  }

  [[nodiscard]] format::clock_pair pair() const noexcept {
    const std::uint64_t before = now();
    const std::uint64_t ns = monotonic_ns();
    return {before + (now() - before) / 2, ns};
  }
};

struct chosen_clock {
  event_clock clock;
  format::clock_pair start; ///< about 100 µs ago where the counter's rate was measured
};

/// Looks at the CPU and the kernel, and measures.
chosen_clock choose_clock() noexcept;

} // namespace coroscope::trace
