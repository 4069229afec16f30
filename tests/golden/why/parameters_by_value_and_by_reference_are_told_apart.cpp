// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=copy
// coroscope: dis --why=reference
// coroscope: dis --why=unused
#include "../support.h"
#include <string>

fire coroutine(int copy, const std::string &reference, int unused) {
  co_await later{};
  use(copy);
  use(reference.data());
}
