// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(int number) {
  use(&number);
  co_return;
}
