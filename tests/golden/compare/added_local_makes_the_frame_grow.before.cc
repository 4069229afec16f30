// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine() { co_await later{}; }

fire untouched(int n) {
  co_await later{};
  use(n);
}
