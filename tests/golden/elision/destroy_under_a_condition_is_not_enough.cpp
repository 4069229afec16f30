// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static task count(int end) { co_yield end; }

void perhaps(bool is_wanted) {
  auto numbers = count(3);
  const auto handle = std::exchange(numbers.coroutine, {});
  if (is_wanted)
    handle.destroy();
}
