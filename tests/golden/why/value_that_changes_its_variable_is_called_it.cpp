// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=left --levels=O2
// coroscope: dis --why=kept --levels=O2
#include "../support.h"

fire coroutine(int left, int right) {
  int kept = left;
  left = right;
  right = kept;
  co_await later{};
  use(left);
  use(right);
}
