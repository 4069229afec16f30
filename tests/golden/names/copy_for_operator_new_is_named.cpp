// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis
#include "../support.h"
#include <cstddef>

struct arena {
  arena(const arena &);
  int id;
};

struct pooled {
  struct promise_type : fire::promise_type {
    promise_type(int, arena) {}
    void *operator new(std::size_t size, int, arena from);
    void operator delete(void *);
    pooled get_return_object() { return {}; }
  };
};

pooled coroutine(int, arena) { co_await later{}; }
