// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=copy --levels=O2
#include "../support.h"

fire coroutine(int number) {
  int copy = number;
  use(copy);
  co_await later{};
  use(number);
}
