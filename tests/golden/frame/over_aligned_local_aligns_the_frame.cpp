// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct alignas(64) line {
  int words[16];
};

fire coroutine() {
  line cache = {};
  use(&cache);
  co_await later{};
  use(&cache);
}
