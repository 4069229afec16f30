// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct moved {
  moved(moved &&);
  ~moved();
};
struct copied {
  copied(const copied &);
};
struct bytes {
  int values[4];
};

fire coroutine(moved, copied second, bytes third, int number, const moved &reference, moved &&other) {
  co_await later{};
  use(number);
  use(&second);
  use(&third);
  use(&reference);
  use(&other);
}
