// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=held
#include "../support.h"

struct guard {
  guard();
  ~guard();
};

fire coroutine() {
  guard held;
  co_await later{};
}
