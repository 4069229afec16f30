// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine() {
  struct awaiter {
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<>) {}
    void await_resume() {}
  };
  co_await awaiter{};
}
