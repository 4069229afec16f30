// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0
#include "../support.h"

struct table {
  int (*call)(int, char);
};

fire coroutine(double number, int count, table *all) {
  use(static_cast<int>(number) + co_await later{});
  use(-count + co_await later{});
  use(~count + co_await later{});
  use(all->call(co_await later{}, 'a'));
}

fire product(double a, double b, double c) { use(static_cast<int>((a * b + c) * co_await later{})); }
