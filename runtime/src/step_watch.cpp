// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The clock of the step watch, and its report.
#include <algorithm>
#include <coroscope/detail/step_watch.h>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

namespace coroscope::detail {

/// The clock that is read in a few nanoseconds and advances every few milliseconds.
std::chrono::nanoseconds step_watch::now() noexcept {
  timespec at{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
  return std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec);
}

void step_watch::look(unsigned step) noexcept {
  const bool alone = step < one_by_one_;
  looks_at_ += step + 1 < one_by_one_ ? 1 : timed_together;
  look_at_those_since(alone ? step % timed_together : 0, alone ? 1 : timed_together);
}

void step_watch::look_at_those_since(unsigned first, unsigned count) noexcept {
  const std::chrono::nanoseconds at = now();
  if (at - last_ > limit_)
    report(at - last_, first, count);
  last_ = at;
}

void step_watch::posted_function_ended(std::chrono::nanoseconds began,
                                       const std::source_location &from) const noexcept {
  if (const std::chrono::nanoseconds took = now() - began; took > limit_)
    std::fprintf(stderr, "coroscope: a function took %.0f ms, and no task had its turn; %s:%u: '%s' has posted it\n",
                 static_cast<double>(took.count()) / 1e6, from.file_name(), static_cast<unsigned>(from.line()),
                 from.function_name());
}

void step_watch::report(std::chrono::nanoseconds took, unsigned first, unsigned count) const noexcept {
  const auto milliseconds = static_cast<double>(took.count()) / 1e6;
  const char *const what = count == 1 ? "this step" : "one of these steps, or all of them,";
  std::fprintf(stderr, "coroscope: %s took %.0f ms, and no other task had its turn:\n", what, milliseconds);
  const auto end = from_.begin() + first + count;
  for (auto each = from_.begin() + first; each != end; ++each) {
    const auto same = [&](const std::source_location &other) {
      return other.line() == each->line() && std::string_view(other.file_name()) == each->file_name();
    };
    if (std::any_of(from_.begin() + first, each, same))
      continue;
    const auto times = std::count_if(each, end, same);
    const std::string so_many = times == 1 ? "" : " (" + std::to_string(times) + " times)";
    if (each->line() == 0)
      std::fprintf(stderr, "coroscope:   a coroutine that is no task%s\n", so_many.c_str());
    else
      std::fprintf(stderr, "coroscope:   %s:%u: '%s' goes on from here%s\n", each->file_name(),
                   static_cast<unsigned>(each->line()), each->function_name(), so_many.c_str());
  }
}

} // namespace coroscope::detail
