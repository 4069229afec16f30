// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=length --levels=O2
#include "../support.h"

#include <string>

fire coroutine(std::string text) {
  auto length = text.size();
  co_await later{};
  use(static_cast<int>(length));
}
