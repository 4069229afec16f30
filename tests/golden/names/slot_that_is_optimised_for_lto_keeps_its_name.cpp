// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=7 --levels=O2 -- -std=c++20 -flto
#include "../support.h"

fire coroutine() {
  int made;
  double kept = 2;
  use(&kept);
  use(&made);
  co_await later{};
}
