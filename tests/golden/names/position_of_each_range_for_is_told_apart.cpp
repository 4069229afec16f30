// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../support.h"

fire coroutine(int (&numbers)[4], char (&letters)[9]) {
  for (int number : numbers)
    use(number + co_await later{});
  for (char letter : letters)
    use(letter + co_await later{});
}
