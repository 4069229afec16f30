// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(bool early) {
  co_await later{};
  if (early)
    co_return;
  co_await later{};
}
