// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

#include <cstddef>

struct arena {};

struct pooled {
  struct promise_type : fire::promise_type {
    pooled get_return_object() { return {}; }
    static void *operator new(std::size_t, arena &);
    static void *operator new(std::size_t);
    static void operator delete(void *, std::size_t);
  };
};

pooled coroutine(int number) {
  co_await later{};
  use(number);
}
