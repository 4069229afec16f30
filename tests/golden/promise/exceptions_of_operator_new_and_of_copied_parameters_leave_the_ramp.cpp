// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --lowered --levels=O0
// coroscope: dis --levels=O2
#include "../support.h"

#include <cstddef>

struct careless {
  struct promise_type {
    careless get_return_object() noexcept { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
    static void *operator new(std::size_t size) noexcept(false);
    static void operator delete(void *memory);
  };
};

struct copied {
  int value;
  copied(const copied &other) noexcept(false);
  ~copied();
};

careless body(copied first, copied second) {
  co_await later{};
  first.value = second.value;
}
