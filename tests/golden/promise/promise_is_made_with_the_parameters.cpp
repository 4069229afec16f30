// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct pool {};

struct pooled {
  struct promise_type : fire::promise_type {
    promise_type() = delete;
    promise_type(pool &, int &);
    pooled get_return_object() { return {}; }
  };
};

pooled coroutine(pool &, int number) {
  co_await later{};
  use(number);
}
