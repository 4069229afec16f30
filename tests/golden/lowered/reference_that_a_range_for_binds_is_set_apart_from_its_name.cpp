// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --lowered
#include "../support.h"

struct point {
  int x, y;
};

// clang-format off
fire coroutine(point (&all)[2]) {
  for (auto& [left, top] : all) {
    co_await later{};
    use(left + top);
  }
}
