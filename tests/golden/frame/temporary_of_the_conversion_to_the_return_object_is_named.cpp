// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis
// coroscope: dis --why=17 --levels=O2
#include "../support.h"

struct ticket {
  ticket(const ticket &);
  ~ticket();
};
struct task {
  task(ticket);
  struct promise_type : fire::promise_type {
    ticket get_return_object();
  };
};

task coroutine() { co_await later{}; }
