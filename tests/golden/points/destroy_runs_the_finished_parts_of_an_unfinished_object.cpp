// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct guard {
  guard(int);
  ~guard();
};
struct both {
  guard first;
  int number;
  guard last;
};

fire coroutine() {
  both aggregate{1, co_await later{}, 2};
  auto closure = [kept = guard(3), number = co_await later{}] { return number; };
  guard several[2] = {4, co_await later{}};
  co_await later{};
}
