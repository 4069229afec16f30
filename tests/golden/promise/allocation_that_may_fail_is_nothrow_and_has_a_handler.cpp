// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

#include <new>

struct careful {
  struct promise_type : fire::promise_type {
    careful get_return_object() { return {}; }
    static careful get_return_object_on_allocation_failure() noexcept;
  };
};

careful coroutine() { co_await later{}; }
