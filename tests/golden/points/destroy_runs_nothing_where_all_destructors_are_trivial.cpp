// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(int number) {
  int kept = number;
  co_await later{};
  use(kept);
}
