// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static task count(int end) {
  for (int i = 0; i < end; ++i)
    co_yield i;
}

int sum() {
  int result = 0;
  for (auto numbers = count(3); numbers.next();)
    result += numbers.await_resume();
  return result;
}
