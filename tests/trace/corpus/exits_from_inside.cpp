// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program ends in a coroutine: by exit, with others suspended; its status and what atexit prints are the same.
#include "corpus.h"

static gate door;

static fire waits() {
  logged local("never ends");
  co_await door;
}

static task<int> leaves(int status) {
  logged local("not unwound either");
  if (status > 0)
    std::exit(status);
  co_return 0;
}

static task<int> calls() { co_return co_await leaves(37); }

int main() {
  std::atexit([] { std::puts("at exit"); });
  waits();
  calls().run();
}
