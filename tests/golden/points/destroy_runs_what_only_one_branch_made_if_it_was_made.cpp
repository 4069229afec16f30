// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct guard {
  ~guard();
  operator int();
};
guard make(int);
void take(int, int);

fire coroutine(bool known) {
  take(known ? make(1) : make(2), co_await later{});
  if (known && make(3) && co_await later{})
    co_await later{};
}
