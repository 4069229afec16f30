// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

#include <cstddef>

struct arena {};

struct in_arena {
  struct promise_type : fire::promise_type {
    in_arena get_return_object() { return {}; }
    static void *operator new(std::size_t, arena &, int);
    static void operator delete(void *);
  };
};

in_arena coroutine(arena &, int number) {
  co_await later{};
  use(number);
}
