// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"
#include <string_view>

static task spell(std::string_view text) {
  for (const char letter : text)
    co_yield letter;
}

task start() { return spell("a literal lives as long as the program"); }
