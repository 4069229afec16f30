// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct shared {
  struct given {
    ~given();
  };
  struct promise_type : fire::promise_type {
    ~promise_type();
    given get_return_object();
  };
  shared(const given &);
};

shared coroutine() { co_await later{}; }
