// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=pair --levels=O2
#include "../support.h"

int value();

struct mixed {
  char letter;
  double number;
};

fire coroutine(int n) {
  mixed pair{'a', static_cast<double>(value())};
  for (int i = 0; i < n; ++i)
    co_await later{};
  use(static_cast<int>(pair.number));
}
