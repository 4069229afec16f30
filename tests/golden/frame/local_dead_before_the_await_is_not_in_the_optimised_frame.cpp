// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(int parameter) {
  int before = parameter + 1;
  use(before);
  co_await later{};
}
