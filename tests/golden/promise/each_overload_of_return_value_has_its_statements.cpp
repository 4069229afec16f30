// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct either {
  struct promise_type {
    either get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_value(int);
    void return_value(const char *);
    template <class T> void return_value(T &&);
    void unhandled_exception() { std::terminate(); }
  };
};

either coroutine(int number) {
  co_await later{};
  if (number == 0)
    co_return number + 1;
  if (number == 1)
    co_return "one";
  if (number == 2)
    co_return 2;
  co_return 2.5;
}
