// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct guard {
  ~guard();
};

fire coroutine() {
  guard outer;
  {
    guard inner;
    co_await later{};
  }
  guard after;
  for (guard counter; co_await later{};)
    co_await later{};
}
