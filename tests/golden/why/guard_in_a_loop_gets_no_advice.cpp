// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=held
#include "../support.h"

struct guard {
  guard();
  ~guard();
};

fire coroutine(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    guard held;
    co_await later{};
  }
}
