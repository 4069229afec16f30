// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=counted
// coroscope: dis --why=own
#include "../support.h"

fire coroutine() {
  static int counted = 0;
  thread_local int own = 0;
  co_await later{};
  use(++counted + ++own);
}
