// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct pool {};
struct plain {};

template <class... Rest> struct std::coroutine_traits<plain, pool &, Rest...> {
  struct promise_type : fire::promise_type {
    plain get_return_object() { return {}; }
  };
};

plain with_a_pool(pool &, int number) {
  co_await later{};
  use(number);
}
