// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <utility>

struct pair_of_ints {
  int first, second;
};
pair_of_ints aggregate();
std::pair<int, double> tuple_like();

fire coroutine() {
  auto [a, b] = aggregate();
  auto [x, y] = tuple_like();
  co_await later{};
  use(&a);
  use(&b);
  use(&x);
  use(&y);
}
