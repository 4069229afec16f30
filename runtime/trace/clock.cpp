// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether the time-stamp counter can be trusted, and how fast it runs.
#include "clock.h"

#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace coroscope::trace {
namespace {

#if defined(__x86_64__)
/// Runs at one rate in every power state, and rdtscp exists.
bool counter_is_invariant() noexcept {
  unsigned a, b, c, d;
  if (__get_cpuid(0x80000001, &a, &b, &c, &d) == 0 || (d & (1u << 27)) == 0)
    return false;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1u << 8)) != 0;
}

/// The kernel falls back on a slow clock where it saw the counters of the CPUs drift apart.
bool kernel_distrusts_counter() noexcept {
  const int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  char text[32];
  const ssize_t size = read(fd, text, sizeof text);
  close(fd);
  const std::string_view name(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  return name.starts_with("hpet") || name.starts_with("acpi_pm") || name.starts_with("jiffies");
}
#endif

} // namespace

chosen_clock choose_clock() noexcept {
#if defined(__x86_64__)
  if (counter_is_invariant() && !kernel_distrusts_counter()) {
    event_clock clock{format::clock_kind::tsc, 0};
    const format::clock_pair begin = clock.pair();
    format::clock_pair end = clock.pair();
    while (end.ns - begin.ns < 100'000)
      end = clock.pair();
    const std::uint64_t ns = end.ns - begin.ns;
    while (((end.tick - begin.tick) >> clock.shift) > ns)
      ++clock.shift;
    return {clock, {begin.tick >> clock.shift, begin.ns}};
  }
#endif
  const event_clock clock;
  return {clock, clock.pair()};
}

} // namespace coroscope::trace
