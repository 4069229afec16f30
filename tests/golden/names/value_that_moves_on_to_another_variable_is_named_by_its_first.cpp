// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <utility>

yields<int> fibonacci() {
  int a = 0, b = 1;
  for (;;) {
    co_yield a;
    const int sum = a + b;
    a = std::exchange(b, sum);
  }
}
