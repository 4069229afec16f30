// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../support.h"

struct point {
  int x, y;
};
point corner();

fire coroutine() {
  auto [left, top] = corner();
  int sides[2] = {1, 2};
  auto [width, height] = sides;
  use(top);
  co_await later{};
  use(left + width);
}
