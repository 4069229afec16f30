// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=n
#include "../support.h"

int value();
int &choose(int &, int &);

fire coroutine() {
  int n = value();
  int m = value();
  int &chosen = choose(n, m);
  co_await later{};
  use(chosen);
}
