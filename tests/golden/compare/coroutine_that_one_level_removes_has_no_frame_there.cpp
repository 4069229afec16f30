// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --compare=O0,O2
#include "../support.h"

static fire unused() { co_await later{}; }

fire used() {
  int times = 0;
  if (times > 0)
    unused();
  co_await later{};
}
