// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both units use the inline coroutine; the program has one copy of it.
#include "shared_inline.h"

#include <cstdio>

int main() {
  int sum = run(shared(1)) + run(shared(2));
  std::printf("%d\n", sum);
  return 0;
}
