// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=limit
// coroscope: dis --why=ratio
// coroscope: dis --why=flag
#include "../support.h"

void take(double, bool);

fire coroutine() {
  const int limit = 4;
  const double ratio = 2.5;
  bool flag = true;
  co_await later{};
  use(limit);
  take(ratio, flag);
}
