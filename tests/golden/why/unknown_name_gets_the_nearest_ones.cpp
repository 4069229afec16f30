// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=nunber
// coroscope: dis --why=3
// coroscope: dis --why=number --format=json
#include "../support.h"

fire coroutine(int number) {
  co_await later{};
  use(number);
}
