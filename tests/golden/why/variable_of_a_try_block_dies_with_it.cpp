// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=n
#include "../support.h"

int value();
void risk(int);

fire coroutine() {
  try {
    int n = value();
    risk(n);
  } catch (...) {
  }
  co_await later{};
}
