// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A lazy task that continues its awaiter by symmetric transfer: a child's result reaches the parent, and ten thousand
// children in a row do not grow the stack.
#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <utility>

struct task {
  struct promise_type {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    int value = 0;
    task get_return_object() { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() { return {}; }
    struct final_awaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        return self.promise().continuation;
      }
      void await_resume() noexcept {}
    };
    final_awaiter final_suspend() noexcept { return {}; }
    void return_value(int v) { value = v; }
    void unhandled_exception() {}
  };
  explicit task(std::coroutine_handle<promise_type> h) : handle(h) {}
  task(task &&other) : handle(std::exchange(other.handle, nullptr)) {}
  ~task() {
    if (handle)
      handle.destroy();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) {
    handle.promise().continuation = awaiting;
    return handle;
  }
  int await_resume() { return handle.promise().value; }
  std::coroutine_handle<promise_type> handle;
};

static task child(int n) { co_return n * 2; }

static task parent(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i)
    sum += co_await child(i);
  co_return sum;
}

int main(int argc, char **argv) {
  task root = parent(argc > 1 ? std::atoi(argv[1]) : 2);
  root.handle.resume();
  std::printf("%d\n", root.handle.promise().value);
  return root.handle.done() ? 7 : 1;
}
