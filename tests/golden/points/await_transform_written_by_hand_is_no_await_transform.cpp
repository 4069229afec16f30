// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct scheduler {
  later await_transform(int);
};

fire coroutine(scheduler &known) { co_await known.await_transform(1); }
