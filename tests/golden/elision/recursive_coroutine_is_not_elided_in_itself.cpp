// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

elidable down(int depth) {
  if (depth > 0)
    co_await down(depth - 1);
}
