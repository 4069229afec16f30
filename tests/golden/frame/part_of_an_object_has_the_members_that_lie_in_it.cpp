// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --members --levels=O2
#include "../support.h"

#include <vector>

struct pair {
  long first;
  int second[2];
};

fire coroutine(pair both) {
  co_await later{};
  use(static_cast<int>(both.first));
}

fire elements(std::vector<int> all) {
  for (int element : all)
    co_await later{};
}
