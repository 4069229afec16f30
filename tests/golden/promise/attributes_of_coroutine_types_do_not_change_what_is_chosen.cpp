// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct [[clang::coro_return_type, clang::coro_lifetimebound, clang::coro_only_destroy_when_complete]] marked {
  struct promise_type : fire::promise_type {
    marked get_return_object() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
  };
};

marked coroutine(const int &number) {
  co_await later{};
  use(number);
}
