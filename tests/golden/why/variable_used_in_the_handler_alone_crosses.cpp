// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=n
#include "../support.h"

int value();

fire coroutine() {
  int n = value();
  try {
    co_await later{};
  } catch (...) {
    use(n);
  }
}
