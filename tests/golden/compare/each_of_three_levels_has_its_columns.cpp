// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --compare=-O0,-O1,-Os
#include "../support.h"

yields<int> count(int to) {
  for (int i = 0; i < to; ++i)
    co_yield i;
}
