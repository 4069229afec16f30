// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static task count(int end) { co_yield end; }
std::coroutine_handle<> kept;

void keep() {
  auto numbers = count(3);
  kept = std::exchange(numbers.coroutine, {});
}
