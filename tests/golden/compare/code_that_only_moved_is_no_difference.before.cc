// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

static fire internal(int n) {
  co_await later{};
  use(n);
}

fire caller() {
  internal(1);
  auto lambda = [](int n) -> fire { co_await later{}; use(n); };
  lambda(2);
  co_await later{};
}
