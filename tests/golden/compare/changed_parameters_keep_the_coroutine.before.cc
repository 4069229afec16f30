// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire changed(int n) {
  co_await later{};
  use(n);
}

fire gone() { co_await later{}; }
