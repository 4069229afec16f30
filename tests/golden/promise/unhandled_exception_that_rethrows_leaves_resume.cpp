// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --lowered --levels=O0
// coroscope: dis --levels=O2
#include "../support.h"

struct rethrows {
  struct promise_type {
    rethrows get_return_object() noexcept { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { throw; }
  };
};
rethrows body() {
  co_await later{};
  throw 1;
}
