// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct point {
  int x, y;
};

fire coroutine(point where) {
  co_await later{};
  use(where.x + where.y);
}
