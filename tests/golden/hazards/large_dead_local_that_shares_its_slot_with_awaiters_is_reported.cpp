// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

yields<int> sum(int n) {
  int table[100];
  for (int i = 0; i != 100; ++i)
    table[i] = i * n;
  int total = 0;
  for (int value : table)
    total += value;
  co_yield total;
}

yields<int> two(int n) {
  {
    int first[100];
    for (int &value : first)
      value = n;
    co_yield first[n];
    use(first[1]);
  }
  int second[100];
  for (int &value : second)
    value = n;
  co_yield second[n];
}
