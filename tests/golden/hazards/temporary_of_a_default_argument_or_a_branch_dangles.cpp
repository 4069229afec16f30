// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <string>

std::string name();

yields<int> letters(const std::string &text = "default") { co_yield static_cast<int>(text.size()); }

struct holder {
  yields<int> held;
};

void caller(bool which) {
  auto defaulted = letters();
  auto either = which ? letters(name()) : letters("literal");
  holder member{letters(name())};
}
