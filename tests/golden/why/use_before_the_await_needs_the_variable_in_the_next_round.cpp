// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=total
#include "../support.h"

int value();

fire coroutine(int rounds) {
  int total = value();
  while (rounds-- > 0) {
    use(total);
    co_await later{};
  }
}
