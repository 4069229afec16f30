// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One inline coroutine for two units.
#pragma once

#include <coroutine>

struct task {
  struct promise_type {
    int value = 0;
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int v) { value = v; }
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

inline task shared(int n) {
  co_await std::suspend_always{};
  co_return n;
}

int run(task t);
