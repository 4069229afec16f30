// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"

static fire once(const int &number) {
  use(number);
  co_await later{};
}

void start() { auto made = once(3); }
