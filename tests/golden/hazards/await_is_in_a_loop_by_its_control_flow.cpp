// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../elision/tasks.h"

static task child(int n) { co_yield n; }

task by_goto() {
  int i = 0;
again:
  co_await child(i);
  if (++i < 10)
    goto again;
}

task of_a_variable() {
  for (int i = 0; i < 10; ++i) {
    task turn = child(i);
    co_await std::move(turn);
  }
}

task once() {
  for (int i = 0; i < 10; ++i)
    if (i == 3) {
      co_await child(i);
      break;
    }
}
