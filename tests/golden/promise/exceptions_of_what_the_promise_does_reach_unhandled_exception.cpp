// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --lowered --levels=O0
// coroscope: dis --levels=O2
#include "../support.h"

struct awaitable {
  int value;
  later operator co_await() const noexcept(false);
};

struct throwing {
  struct promise_type {
    throwing get_return_object() noexcept { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    awaitable await_transform(int value) noexcept(false);
    std::suspend_always yield_value(int value) noexcept(false);
    void return_value(int value) noexcept(false);
    void unhandled_exception() noexcept;
  };
};

struct guard {
  int value;
  ~guard() noexcept(false);
};

throwing body(int n) {
  guard outer{n};
  {
    guard inner{co_await n};
    co_yield inner.value;
  }
  co_return outer.value;
}
