// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine that nobody holds: it starts at once, suspends once, and its frame goes when it ends.
#include <coroutine>
#include <cstdio>

static std::coroutine_handle<> waiting;

struct detached {
  struct promise_type {
    detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

struct wait {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiting = handle; }
  int await_resume() { return 4; }
};

static detached run(int n) {
  int got = co_await wait{};
  std::printf("%d\n", n + got);
}

int main() {
  run(1);
  waiting.resume();
  return 0;
}
