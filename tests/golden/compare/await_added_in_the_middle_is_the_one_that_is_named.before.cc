// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(int n) {
  use(co_await later{});
  use(n);
  co_await later{};
}
