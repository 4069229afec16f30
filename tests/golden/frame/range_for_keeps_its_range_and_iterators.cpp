// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <array>

yields<int> coroutine(std::array<int, 4> numbers) {
  for (int number : numbers)
    co_yield number;
}
