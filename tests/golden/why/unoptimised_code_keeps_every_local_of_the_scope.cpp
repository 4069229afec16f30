// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=inside
// coroscope: dis --why=outside
#include "../support.h"

int value();

fire coroutine() {
  int outside = value();
  use(outside);
  {
    int inside = value();
    use(inside);
  }
  co_await later{};
}
