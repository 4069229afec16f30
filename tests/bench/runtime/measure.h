// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How each of the programs measures and says what it measured: a line "name value", in CPU nanoseconds or bytes.
#pragma once

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <malloc.h>
#include <string_view>
#include <vector>

/// How often: enough for the clock, little enough to be repeated.
constexpr int calls = 2'000'000;
constexpr int spawns = 300'000;
constexpr int switches = 1'000'000;
constexpr int timers = 100'000;
constexpr int idle_tasks = 50'000;
constexpr int few = 1'000;
constexpr int many = 1'000'000;
constexpr int many_tasks = 100'000;
constexpr int many_streams = 8'000; ///< two descriptors each
constexpr int connections = 64;
constexpr int requests = 1'000; ///< of each connection
constexpr int request_size = 64;

inline double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

inline double heap_bytes() { return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd); }

/// The i-th of timers that fire within 50 ms, in no order, once all are armed.
inline int microseconds_of(int i) { return 600'000 + static_cast<int>(i * 7919LL % 50'000); }

inline void say(const char *name, double total, int count) { std::printf("%s %.3f\n", name, total / count); }

/// The metrics that the command line names; all of them where it names none.
class wanted {
public:
  wanted(int count, char **words) : names_(words + 1, words + count) {}
  bool has(std::string_view name) const {
    return names_.empty() || std::find(names_.begin(), names_.end(), name) != names_.end();
  }

private:
  std::vector<std::string_view> names_;
};
