// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine() {
  static int counter = 0;
  co_await later{};
  use(++counter);
}
