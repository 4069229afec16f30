// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

yields<int> count_down(int from) {
  for (int left = from; left > 0; --left)
    co_yield left;
}
