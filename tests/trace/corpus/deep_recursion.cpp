// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task that awaits itself 100,000 deep lives on the heap, and so does its way back.
#include "corpus.h"

static task<long> sum_to(long number) {
  if (number == 0)
    co_return 0;
  co_return number + co_await sum_to(number - 1);
}

static task<int> fails_at(int depth) {
  if (depth == 0)
    throw 7;
  co_return co_await fails_at(depth - 1) + 1;
}

static task<int> catches() {
  try {
    co_return co_await fails_at(200);
  } catch (int number) {
    co_return number;
  }
}

int main() {
  // Frames are destroyed by the destructors of their callers' temporaries, one at a time.
  CHECK(sum_to(20'000).run() == 200'010'000L);
  CHECK(catches().run() == 7);
  return result();
}
