// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Temporaries of a full expression with awaits in it live to its end, wherever the suspension is.
#include "corpus.h"

static std::coroutine_handle<> parked;
struct park {
  logged held;
  int value;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept { parked = handle; }
  int await_resume() const noexcept { return value; }
};

static int add(const logged &, int one, const logged &, int other) { return one + other; }

static fire work(int *out) {
  *out = add(logged("left"), co_await park{logged("first"), 1}, logged("right"), co_await park{logged("second"), 2});
  std::puts("statement");
  *out += co_await park{logged("third"), 3} ? co_await park{logged("fourth"), 4} : 0;
  const logged &kept = logged(logged("kept"));
  *out += co_await park{kept, 5};
}

int main() {
  int sum = 0;
  work(&sum);
  while (parked) {
    std::puts("parked");
    std::exchange(parked, nullptr).resume();
  }
  CHECK(sum == 12);
  return result();
}
