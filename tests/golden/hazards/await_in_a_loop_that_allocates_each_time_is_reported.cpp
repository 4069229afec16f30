// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"

static task step() { co_await later{}; }

task all() {
  for (int i = 0; i < 100; ++i)
    co_await step();
}
