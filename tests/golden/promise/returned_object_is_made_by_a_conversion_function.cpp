// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct result {};

struct pending {
  operator result() const;
};

template <> struct std::coroutine_traits<result> {
  struct promise_type : fire::promise_type {
    pending get_return_object();
  };
};

result coroutine() { co_await later{}; }
