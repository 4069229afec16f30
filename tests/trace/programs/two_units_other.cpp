// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "shared_inline.h"

int run(task t) {
  while (!t.handle.done())
    t.handle.resume();
  int value = t.handle.promise().value;
  t.handle.destroy();
  task own = shared(10);
  own.handle.destroy();
  return value;
}
