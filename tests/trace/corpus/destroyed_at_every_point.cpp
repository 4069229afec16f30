// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Destroyed while suspended at each of its points in turn, by its owner and by somebody who found the handle.
#include "corpus.h"

static std::coroutine_handle<> found;

struct show {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept { found = handle; }
  int await_resume() const noexcept { return 1; }
};

struct owned {
  struct promise_type {
    logged in_promise{"promise"};
    owned get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    show initial_suspend() noexcept { return {}; }
    show final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

static owned work(logged parameter) {
  logged one("one");
  int sum = co_await show{} + (co_await show{} + co_await show{});
  if (sum == 3) {
    logged two("two");
    sum += co_await show{};
  }
  logged three(parameter);
  CHECK(co_await show{} + sum == 5);
}

int main() {
  for (int stop = 0; stop <= 6; ++stop) {
    std::printf("destroyed after %d\n", stop);
    owned made = work(logged("parameter"));
    for (int i = 0; i < stop; ++i)
      found.resume();
    CHECK(made.handle.done() == (stop == 6));
    if (stop % 2 == 0)
      made.handle.destroy();
    else
      found.destroy();
  }
  return result();
}
