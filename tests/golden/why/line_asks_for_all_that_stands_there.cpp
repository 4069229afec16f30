// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=7
#include "../support.h"

int value();
fire coroutine() {
  int a = value(), b = value();
  co_await later{};
  use(a + b);
}
