// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine() {
  if (false)
    co_await later{};
  use(co_await later{});
}
