// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct pair {
  int first, second;
};

struct pairs {
  struct promise_type : fire::promise_type {
    pairs get_return_object() { return {}; }
    later yield_value(pair);
    later yield_value(int);
  };
};

pairs coroutine() {
  co_yield {1, 2};
  int answer = co_yield 3;
  use(answer);
}
