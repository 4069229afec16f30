// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=b --levels=O2
#include "../support.h"

int value();

fire coroutine() {
  int a = value();
  int b = a;
  co_await later{};
  use(b);
}
