// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine that goes from thread to thread; each thread ends before the next begins.
#include <coroutine>
#include <cstdio>
#include <thread>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

static task travels() {
  for (int i = 0; i < 3; ++i) {
    std::printf("%d\n", i);
    co_await std::suspend_always{};
  }
}

int main() {
  task t = travels();
  for (int i = 0; i < 4; ++i)
    std::thread([&] { t.handle.resume(); }).join();
  t.handle.destroy();
  return 0;
}
