// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: diff --levels=O0 tests/golden/compare/changed_parameters_keep_the_coroutine.before.cc
#include "../support.h"

fire changed(long n) {
  co_await later{};
  use(static_cast<int>(n));
}

fire fresh() {
  co_await std::suspend_always{};
  co_await later{};
}
