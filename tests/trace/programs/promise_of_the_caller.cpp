// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A promise that knows its caller as a pointer to that one's promise, and a loop that resumes whoever is innermost: no
// handle is kept or returned by an await_suspend.
#include <coroutine>
#include <cstdio>

struct task {
  struct promise_type {
    promise_type *caller = nullptr;
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct last {
      bool await_ready() noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> ended) noexcept { innermost = ended.promise().caller; }
      void await_resume() noexcept {}
    };
    last final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<promise_type> waiting) {
    handle.promise().caller = &waiting.promise();
    innermost = &handle.promise();
  }
  void await_resume() { handle.destroy(); }

  std::coroutine_handle<promise_type> handle;
  static promise_type *innermost;
};
task::promise_type *task::innermost = nullptr;

[[gnu::noinline]] task leaf() {
  std::puts("leaf");
  co_await std::suspend_always{};
}

[[gnu::noinline]] task root() {
  co_await leaf();
  std::puts("root");
}

int main() {
  const task outer = root();
  task::innermost = &outer.handle.promise();
  while (task::innermost != nullptr)
    std::coroutine_handle<task::promise_type>::from_promise(*task::innermost).resume();
  outer.handle.destroy();
}
