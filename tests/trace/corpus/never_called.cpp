// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine that is split before the optimiser sees that nobody calls it: nothing is left of it.
#include "corpus.h"

static generator<int> unreachable() {
  co_yield 1;
  co_yield 2;
}

int main() {
  int left = 100;
  while (left > 0)
    --left;
  if (left != 0)
    std::printf("%d\n", unreachable().next());
  return result();
}
