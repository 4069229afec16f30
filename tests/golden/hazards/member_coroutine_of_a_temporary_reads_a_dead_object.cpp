// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"

struct counter {
  int start = 0;
  task count() {
    for (int i = start;; ++i)
      co_yield i;
  }
};

task start() {
  auto numbers = counter{7}.count();
  co_await numbers;
}
