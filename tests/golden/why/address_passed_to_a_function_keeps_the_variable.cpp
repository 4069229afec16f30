// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=n
#include "../support.h"

void read(int &);

fire coroutine() {
  int n = 1;
  read(n);
  co_await later{};
}
