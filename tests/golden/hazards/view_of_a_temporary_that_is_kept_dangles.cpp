// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"
#include <string>
#include <string_view>

static task spell(std::string_view text) {
  for (const char letter : text)
    co_yield letter;
}

task start() {
  auto letters = spell(std::string("a string that is too long to stay in its object"));
  co_await letters;
}
