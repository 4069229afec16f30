// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct number {
  struct promise_type {
    number get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_value(int);
    void unhandled_exception() { std::terminate(); }
  };
};

number sometimes(bool early) {
  co_await later{};
  if (early)
    co_return 1;
}

number always(bool early) {
  co_await later{};
  if (early)
    co_return 1;
  throw 2;
}

number never() {
  while (true)
    co_await later{};
}
