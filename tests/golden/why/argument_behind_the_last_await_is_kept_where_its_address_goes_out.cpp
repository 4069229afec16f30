// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=12 --levels=O2
// coroscope: dis --levels=O2
#include "../support.h"

#include <string>

void take(std::string);

fire coroutine(std::string text) {
  co_await later{};
  take(text);
}
