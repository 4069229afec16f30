// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=total --levels=O2
#include "../support.h"

int value();

fire coroutine(int n) {
  long total = 0;
  for (int i = 0; i < n; ++i) {
    total += value();
    co_await later{};
  }
  use(static_cast<int>(total));
}
