// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static elidable work() { co_await later{}; }

elidable caller(bool is_rare) {
  if (is_rare) [[unlikely]]
    co_await work();
}
