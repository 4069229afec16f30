// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct counted {
  struct promise_type : fire::promise_type {
    promise_type(int *unrelated = nullptr);
    counted get_return_object() { return {}; }
  };
};

counted coroutine(int number) {
  co_await later{};
  use(number);
}
