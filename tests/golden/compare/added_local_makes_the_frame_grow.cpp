// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: diff tests/golden/compare/added_local_makes_the_frame_grow.before.cc
// coroscope: diff --format=markdown tests/golden/compare/added_local_makes_the_frame_grow.before.cc
// coroscope: diff --exit-code --levels=O2 tests/golden/compare/added_local_makes_the_frame_grow.before.cc
#include "../support.h"

/// Lines above it do not count.
fire untouched(int n) {
  co_await later{};
  use(n);
}

fire coroutine() {
  int added[16] = {};
  use(added);
  co_await later{};
  use(added);
}
