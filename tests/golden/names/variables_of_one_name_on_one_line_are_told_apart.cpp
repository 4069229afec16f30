// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

template <class... Ts> fire pack(Ts... ts) {
  co_await later{};
  (use(&ts), ...);
}

fire one_line() {
  // clang-format off
  { int x = 1; use(&x); co_await later{}; use(&x); } { double x = 2; use(&x); co_await later{}; use(&x); }
  // clang-format on
}

void caller() { pack(1, 2.0, 'c'); }
