// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --compare=O0,O2
#include "../support.h"

fire coroutine(int n) {
  int before = n + 1;
  use(before);
  int kept = co_await later{};
  co_await later{};
  use(kept);
}
