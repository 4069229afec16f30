// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// noexcept ramps and awaiters: nothing can throw, and nothing does.
#include "corpus.h"

static task<int> quiet(int number) noexcept { co_return number; }

struct silent {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const noexcept { return false; }
  int await_resume() const noexcept { return 3; }
};

static task<int> sum() noexcept {
  const int one = co_await quiet(4);
  co_return one + co_await silent{};
}

static task<int> catches_inside() noexcept {
  try {
    throw 9;
  } catch (int number) {
    co_return number;
  }
}

int main() {
  static_assert(noexcept(sum()));
  CHECK(sum().run() == 7);
  CHECK(catches_inside().run() == 9);
  return result();
}
