// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=sum --levels=O2
#include "../support.h"

int next();

fire coroutine(int turns) {
  int sum = 0;
  for (int turn = 0; turn < turns; ++turn) {
    co_await later{};
    sum += next();
  }
  use(sum);
}
