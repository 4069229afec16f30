// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct made {};
later operator co_await(made);

struct picky {
  struct promise_type {
    picky get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    made await_transform(int) { return {}; }
  };
};

picky coroutine() { co_await 7; }
