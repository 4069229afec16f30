// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire sum(int n) {
  int table[100];
  for (int i = 0; i != 100; ++i)
    table[i] = i * n;
  int total = 0;
  for (int value : table)
    total += value;
  use(total);
  co_await later{};
}
