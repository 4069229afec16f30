// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0
#include "../support.h"

struct made {
  explicit made(int);
};

fire allocating() { new made(co_await later{}); }

fire throwing() { throw made(co_await later{}); }
