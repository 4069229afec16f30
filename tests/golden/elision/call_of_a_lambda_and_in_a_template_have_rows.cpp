// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

template <class T> static task count(T end) { co_yield static_cast<int>(end); }

template <class T> static bool first() { return count(T{3}).next(); }

bool both() {
  auto lambda = [](int end) -> task { co_yield end; };
  return lambda(1).next() && first<int>() && first<long>();
}
