// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static task count(int end) { co_yield end; }
void look_at(task &);

void show() {
  auto numbers = count(3);
  look_at(numbers);
}
