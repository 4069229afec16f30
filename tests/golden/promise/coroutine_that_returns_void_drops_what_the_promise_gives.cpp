// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

template <> struct std::coroutine_traits<void, int> {
  struct promise_type : fire::promise_type {
    void get_return_object() {}
  };
};

void coroutine(int) { co_await later{}; }
