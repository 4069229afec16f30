// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=i
#include "../support.h"

fire coroutine(int rounds) {
  for (int i = 0; i < rounds; ++i)
    co_await later{};
}
