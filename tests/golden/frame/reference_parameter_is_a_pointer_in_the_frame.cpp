// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <string>

fire coroutine(const std::string &name) {
  co_await later{};
  use(name.data());
}
