// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

int add(int, int);
later again(int);

fire coroutine() { use(add(co_await again(co_await later{}), co_await later{})); }
