// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that run before main and after it: in the constructor and the destructor of a static object.
#include <coroutine>
#include <cstdio>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

static task body() {
  std::puts("before main");
  co_await std::suspend_always{};
  std::puts("in main");
  co_await std::suspend_always{};
  std::puts("never");
}

struct holder {
  task held = body();
  ~holder() {
    std::puts("after main");
    held.handle.destroy();
  }
};

static holder early __attribute__((init_priority(101)));

int main() {
  early.held.handle.resume();
  return 3;
}
