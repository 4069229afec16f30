// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An exception that goes through three frames, one in the initial part of a coroutine that starts eagerly, and one
// from await_resume.
#include <coroutine>
#include <cstdio>
#include <exception>
#include <stdexcept>

struct task {
  struct promise_type {
    std::exception_ptr error;
    std::coroutine_handle<> continuation = std::noop_coroutine();
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
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
    void return_void() {}
    void unhandled_exception() { error = std::current_exception(); }
  };
  std::coroutine_handle<promise_type> handle;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) {
    handle.promise().continuation = awaiting;
    return handle;
  }
  void await_resume() {
    std::exception_ptr error = handle.promise().error;
    handle.destroy();
    if (error)
      std::rethrow_exception(error);
  }
};

struct guard {
  const char *name;
  ~guard() { std::printf("~%s\n", name); }
};

static task deepest() {
  guard g{"deepest"};
  throw std::runtime_error("from the deepest");
  co_return;
}

static task middle() {
  guard g{"middle"};
  co_await deepest();
}

static task outermost() {
  try {
    co_await middle();
  } catch (const std::exception &error) {
    std::printf("caught %s\n", error.what());
  }
}

struct eager {
  struct promise_type {
    eager get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
};

static eager fails_at_once() {
  guard g{"eager"};
  throw std::runtime_error("from an eager one");
  co_return;
}

int main() {
  task t = outermost();
  t.handle.resume();
  t.handle.destroy();
  try {
    fails_at_once();
  } catch (const std::exception &error) {
    std::printf("caught %s\n", error.what());
  }
  return 0;
}
