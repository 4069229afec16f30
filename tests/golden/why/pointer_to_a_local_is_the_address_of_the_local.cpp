// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=pointer --levels=O2
#include "../support.h"

void fill(int *);

fire coroutine() {
  int local;
  int *pointer = &local;
  fill(pointer);
  co_await later{};
  fill(pointer);
}
