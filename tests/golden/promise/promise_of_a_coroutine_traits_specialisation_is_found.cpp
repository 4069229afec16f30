// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct plain {};
template <> struct std::coroutine_traits<plain, int> {
  struct promise_type {
    int argument;
    explicit promise_type(int value) : argument(value) {}
    plain get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

plain coroutine(int number) {
  use(number);
  co_return;
}
