// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct wide {
  struct promise_type {
    alignas(32) char text[32];
    wide get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

wide coroutine() { co_return; }
