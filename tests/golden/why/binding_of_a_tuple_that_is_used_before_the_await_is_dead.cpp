// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
// coroscope: dis --levels=O2 --why=quotient
// coroscope: dis --levels=O2 --why=rest
#include "../support.h"
#include <utility>

fire coroutine(int number) {
  const auto [quotient, rest] = std::pair(number / 7, number % 7);
  use(quotient);
  co_await later{};
  use(rest);
}
