// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct unmovable {
  struct promise_type : fire::promise_type {
    unmovable get_return_object() { return {}; }
  };
  unmovable() = default;
  unmovable(unmovable &&) = delete;
};

unmovable coroutine() { co_await later{}; }
