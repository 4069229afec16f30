// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A task marked so that awaiting it at once places its frame in the awaiting frame.
#include <coroutine>
#include <cstdio>

struct [[clang::coro_await_elidable]] task {
  struct promise_type {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    int value = 0;
    task get_return_object() { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct awaiter {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          return self.promise().continuation;
        }
        void await_resume() noexcept {}
      };
      return awaiter{};
    }
    void return_value(int v) noexcept { value = v; }
    void unhandled_exception() noexcept {}
  };
  explicit task(std::coroutine_handle<promise_type> h) : handle(h) {}
  task(const task &) = delete;
  ~task() { handle.destroy(); }
  bool await_ready() noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle.promise().continuation = awaiting;
    return handle;
  }
  int await_resume() noexcept { return handle.promise().value; }
  std::coroutine_handle<promise_type> handle;
};

static task child(int n) { co_return n + 1; }

static task parent() {
  int one = co_await child(0);
  int two = co_await child(one);
  co_return one + two;
}

int main() {
  task root = parent();
  root.handle.resume();
  std::printf("%d\n", root.handle.promise().value);
  return 0;
}
