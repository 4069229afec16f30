// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// await_suspend returns false now and then: the coroutine goes on in the same call.
#include "corpus.h"

static int suspended = 0;

struct every_third {
  int number;
  bool await_ready() const noexcept { return number % 5 == 0; }
  bool await_suspend(std::coroutine_handle<>) const noexcept { return number % 3 == 0 && ++suspended > 0; }
  int await_resume() const noexcept { return number; }
};

static generator<int> sums() {
  int sum = 0;
  for (int i = 1; i <= 30; ++i) {
    sum += co_await every_third{i};
    if (i % 10 == 0)
      co_yield sum;
  }
}

int main() {
  generator<int> all = sums();
  int yields = 0, steps = 0;
  for (; all.next(); ++steps)
    if (all.handle.promise().current && *all.handle.promise().current == 465)
      ++yields;
  std::printf("%d suspensions, %d steps\n", suspended, steps);
  CHECK(suspended == 8);
  CHECK(yields >= 1);
  return result();
}
