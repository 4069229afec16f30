// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Awaits that are ready, tasks that end in the call that starts them, and a coroutine that never suspends.
#include "corpus.h"

struct ready {
  int value;
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const { std::puts("never"); }
  int await_resume() const noexcept { return value; }
};

static int ended = 0;

static fire at_once(int rounds) {
  int sum = 0;
  for (int i = 0; i < rounds; ++i)
    sum += co_await ready{i};
  ended += sum;
}

static fire only_returns() { co_return; }

static task<int> immediate(int value) { co_return co_await ready{value}; }

static task<int> several() {
  int sum = 0;
  for (int i = 0; i < 100; ++i)
    sum += co_await immediate(i);
  co_return sum;
}

int main() {
  for (int i = 0; i < 10; ++i)
    at_once(i);
  CHECK(ended == 120);
  only_returns();
  CHECK(several().run() == 4950);
  return result();
}
