// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls are to fail, and how many have: what faults.cpp and ring_faults.cpp have in common.
#pragma once

namespace coroscope::testing {

/// The calls of one `Call` from the `first` to the one before `end`, counted from 0, fail with `error`.
template <class Call> struct failure_plan {
  Call call{};
  int error = 0; ///< 0: none fails
  unsigned first = 0;
  unsigned end = 0;
  unsigned made = 0;
  unsigned failed = 0;

  /// Counts a call: whether this one fails.
  bool fails(Call made_now) noexcept {
    if (error == 0 || call != made_now)
      return false;
    const unsigned number = made++;
    if (number < first || number >= end)
      return false;
    ++failed;
    return true;
  }
};

} // namespace coroscope::testing
