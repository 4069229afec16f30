// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine that is destroyed while one of its own awaits is being entered, and owners that destroy each other.
#include "corpus.h"

struct destroys {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept { handle.destroy(); }
  void await_resume() const noexcept {}
};

static fire ends_early(logged) {
  logged local("local");
  co_await destroys{};
  std::puts("not reached");
}

static task<int> waits_for(gate &door) {
  logged local("inner");
  co_await door;
  co_return 1;
}
static task<int> outer(gate &door) {
  logged local("outer");
  co_return co_await waits_for(door) + 1;
}

int main() {
  ends_early(logged("parameter"));
  gate door;
  {
    task<int> made = outer(door);
    made.handle.resume();
    CHECK(door.waiting);
  } // the outer frame takes the inner one with it
  task<int> other = outer(door);
  other.handle.resume();
  door.release();
  CHECK(other.handle.done());
  CHECK(other.await_resume() == 2);
  return result();
}
