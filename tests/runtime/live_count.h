// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How many locals of coroutines are alive: a frame that is destroyed destroys them, one that leaks does not.
#pragma once

namespace coroscope::testing {

class live_count {
public:
  explicit live_count(int &count) noexcept : count_(count) { ++count_; }
  live_count(const live_count &other) noexcept : count_(other.count_) { ++count_; }
  live_count &operator=(const live_count &) = delete;
  ~live_count() { --count_; }

private:
  int &count_;
};

} // namespace coroscope::testing
