// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locals, parameters and temporaries end in the same order, whether the coroutine ends or is destroyed.
#include "corpus.h"

static generator<int> steps(logged, logged) {
  logged one("one");
  co_yield 1;
  {
    logged two("two");
    co_yield (logged("temporary"), 2);
    logged three("three");
    co_yield 3;
  }
  for (int i = 0; i < 2; ++i) {
    logged four(i == 0 ? "four" : "five");
    co_yield 4 + i;
  }
}

int main() {
  for (int stop = 0; stop <= 6; ++stop) {
    std::printf("destroyed after %d\n", stop);
    generator<int> all = steps(logged("first"), logged("second"));
    for (int i = 0; i < stop; ++i)
      if (all.next())
        CHECK(all.value() == i + 1);
  }
  return result();
}
