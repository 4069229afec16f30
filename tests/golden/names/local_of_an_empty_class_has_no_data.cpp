// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine() {
  auto twice = [](int n) { return n * 2; };
  co_await later{};
  use(twice(co_await later{}));
}
