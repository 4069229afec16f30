// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

#define AWAIT(thing) (co_await (thing))
#define BOTH(left, right) AWAIT(left) + AWAIT(right)

fire coroutine() {
  use(AWAIT(later{}));
  use(BOTH(later{}, later{}));
}
