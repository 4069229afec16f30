// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=left --levels=O0
// coroscope: dis --why=14 --levels=O0
#include "../support.h"

struct point {
  int x, y;
};
point &corner();

fire coroutine(point (&all)[2]) {
  auto &[left, top] = corner();
  co_await later{};
  for (point &one : all)
    co_await later{};
  use(left);
}
