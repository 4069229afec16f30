// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: diff tests/golden/compare/code_that_only_moved_is_no_difference.before.cc
// coroscope: diff --exit-code --format=markdown tests/golden/compare/code_that_only_moved_is_no_difference.before.cc
#include "../support.h"

//
// Moved down, and reformatted.
//
static fire
internal(int n) {
  co_await later{};

  use(n);
}

fire caller() {
  internal(1);
  auto lambda = [](int n) -> fire {
    co_await later{};
    use(n);
  };
  lambda(2);
  co_await later{};
}
