// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=sum
#include "../support.h"

fire coroutine(int n) {
  int sum = n + 1;
  co_await later{};
  use(sum);
  use(n);
}
