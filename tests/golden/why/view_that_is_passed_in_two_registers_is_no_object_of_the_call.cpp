// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=text
#include "../support.h"
#include <string_view>

void print(std::string_view);

fire coroutine(std::string_view text) {
  co_await later{};
  print(text);
}
