// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Work that takes its time.
#pragma once

#include <chrono>
#include <coroscope/cancelled.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <string>

namespace coroscope::testing {

template <class T> task<T> later(std::chrono::milliseconds delay, T value) {
  co_await sleep_for(delay);
  co_return value;
}

/// Sleeps for an hour and notes which way it left.
inline task<> sleep_noting(std::string &log) {
  try {
    co_await sleep_for(std::chrono::hours(1));
    log += "slept ";
  } catch (const cancelled &why) {
    log += why.reason() + " ";
    throw;
  }
}

} // namespace coroscope::testing
