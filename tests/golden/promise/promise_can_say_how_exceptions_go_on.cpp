// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct rethrowing {
  struct promise_type : fire::promise_type {
    rethrowing get_return_object() { return {}; }
    void unhandled_exception() { throw; }
  };
};

rethrowing coroutine() { co_await later{}; }
