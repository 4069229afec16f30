// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <string>

yields<int> letters(const std::string &text) { co_yield static_cast<int>(text.size()); }

yields<int> of_a_local() {
  std::string text = "local";
  return letters(text);
}

// The caller destroys it, at the end of its statement.
yields<int> of_a_parameter(std::string text) { return letters(text); }

yields<int> of_a_reference(const std::string &text) { return letters(text); }

yields<int> of_a_static() {
  static const std::string text = "static";
  return letters(text);
}
