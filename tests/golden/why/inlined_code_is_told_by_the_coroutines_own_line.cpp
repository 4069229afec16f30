// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=buffer --levels=O2
#include "../support.h"

void fill(int *);

struct numbers {
  int data[4];
  numbers() { fill(data); }
  int sum() const { return data[0] + data[3]; }
};

fire coroutine() {
  numbers buffer;
  co_await later{};
  use(buffer.sum());
}
