// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --compare=O0,O2
#include "../support.h"
#include <utility>

/// A lazy task whose frame may live in that of the coroutine that awaits it.
struct [[clang::coro_await_elidable]] task {
  struct promise_type {
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
    void return_void() {}
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
  void await_resume() {}
  std::coroutine_handle<promise_type> coroutine;
};

task callee(int number) {
  co_await later{};
  use(number);
}

task caller() { co_await callee(1); }
