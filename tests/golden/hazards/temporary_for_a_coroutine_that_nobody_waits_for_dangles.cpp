// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <string>
#include <string_view>

std::string name();

fire log(std::string_view text) {
  co_await later{};
  use(text.data());
}

fire log_first(const std::string &text) {
  use(text.data());
  co_await later{};
}

void caller() {
  log(name());
  (void)log(name());
  log_first(name());
  [text = name()]() -> fire {
    co_await later{};
    use(text.data());
  }();
}
