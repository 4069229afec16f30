// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every form of await_suspend: void, bool that suspends or does not, one that throws, a handle, and a ready awaiter.
#include <coroutine>
#include <cstdio>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::puts("unhandled"); }
  };
  std::coroutine_handle<promise_type> handle;
};

struct maybe {
  bool suspends;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<>) { return suspends; }
  void await_resume() {}
};

struct throwing {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) { throw 42; }
  void await_resume() { std::puts("never"); }
};

struct throwing_bool {
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<>) { throw 43; }
  void await_resume() { std::puts("never"); }
};

struct itself {
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> self) { return self; }
  void await_resume() {}
};

static task all(bool suspends) {
  co_await std::suspend_never{};
  co_await maybe{!suspends};
  co_await maybe{suspends};
  std::puts("went on");
  try {
    co_await throwing{};
  } catch (int value) {
    std::printf("caught %d\n", value);
  }
  co_await itself{};
  co_await std::suspend_always{};
  co_await throwing_bool{};
}

int main() {
  task t = all(false);
  int steps = 0;
  for (; !t.handle.done(); ++steps)
    t.handle.resume();
  t.handle.destroy();
  std::printf("%d steps\n", steps);
  return steps;
}
