// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct leveled {
  struct promise_type {
#ifndef __OPTIMIZE__
    char only_unoptimised[64];
#endif
    int number = 0;
    leveled get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

leveled coroutine() { co_return; }
