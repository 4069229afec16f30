// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0,O2
#include "../support.h"

struct [[clang::coro_return_type, clang::coro_lifetimebound]] job {
  struct promise_type {
    job get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

job bound(const int &n) { co_await later{}; (void)n; }
[[clang::coro_disable_lifetimebound]] job unbound(const int &n) { co_await later{}; (void)n; }

[[clang::coro_wrapper]] job call(int n) {
  bound(n);
  return unbound(n);
}
