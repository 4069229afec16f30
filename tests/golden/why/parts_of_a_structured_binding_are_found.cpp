// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=x
// coroscope: dis --why=y
#include "../support.h"

struct point {
  int x, y;
};
point where();

fire coroutine() {
  auto [x, y] = where();
  use(y);
  co_await later{};
  use(x);
}
