// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(int parameter) {
  int across = parameter + 1;
  co_await later{};
  use(across);
}
