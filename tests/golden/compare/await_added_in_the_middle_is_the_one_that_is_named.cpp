// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: diff --levels=O2 tests/golden/compare/await_added_in_the_middle_is_the_one_that_is_named.before.cc
#include "../support.h"

struct sooner : later {};

fire coroutine(int n) {
  use(co_await later{});
  co_await sooner{};
  use(n);
  co_await later{};
}
