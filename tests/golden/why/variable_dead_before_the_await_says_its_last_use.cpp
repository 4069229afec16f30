// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=n
#include "../support.h"

int value();

fire coroutine() {
  int n = value();
  use(n);
  co_await later{};
}
