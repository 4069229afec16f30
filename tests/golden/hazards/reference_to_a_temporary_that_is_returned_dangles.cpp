// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"
#include <string>

static task spell(const std::string &text) {
  for (const char letter : text)
    co_yield letter;
}

task start() { return spell("a literal becomes a temporary string here"); }
