// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct server {
  struct job {
    struct promise_type : fire::promise_type {
      promise_type(server &owner, int port);
      job get_return_object() { return {}; }
    };
  };
  job listen(int port) { co_await later{}; }
};
