// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct shared {
  struct promise_type : fire::promise_type {
    std::coroutine_handle<promise_type> get_return_object();
  };
  shared(std::coroutine_handle<promise_type>);
};

shared coroutine() { co_await later{}; }
