// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct throwing {
  struct promise_type {
    promise_type() noexcept(false);
    throwing get_return_object() noexcept(false);
    std::suspend_always initial_suspend() noexcept(false);
    std::suspend_always final_suspend() noexcept;
    void return_void() noexcept;
    void unhandled_exception();
  };
};
throwing start() { co_return; }
