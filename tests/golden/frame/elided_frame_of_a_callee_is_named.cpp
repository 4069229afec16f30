// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <utility>

/// A lazy task that its awaiter destroys: LLVM can put its frame into the caller's.
struct task {
  struct promise_type {
    int value = 0;
    std::coroutine_handle<> continuation;
    task get_return_object() { return task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct back {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
        return done.promise().continuation;
      }
      void await_resume() noexcept {}
    };
    back final_suspend() noexcept { return {}; }
    void return_value(int result) { value = result; }
    void unhandled_exception() { std::terminate(); }
  };
  explicit task(std::coroutine_handle<promise_type> made) : coroutine(made) {}
  task(task &&other) noexcept : coroutine(std::exchange(other.coroutine, {})) {}
  ~task() {
    if (coroutine)
      coroutine.destroy();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) {
    coroutine.promise().continuation = waiting;
    return coroutine;
  }
  int await_resume() { return coroutine.promise().value; }
  std::coroutine_handle<promise_type> coroutine;
};

static task callee(int number) { co_return number + co_await later{}; }

task caller() { co_return co_await callee(1); }
