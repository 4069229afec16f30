// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --members --levels=O0
#include "../support.h"

#include <memory>
#include <optional>
#include <utility>

fire keep() {
  std::pair<int, char> both{1, 'a'};
  std::optional<int> maybe;
  std::unique_ptr<int> owned;
  co_await later{};
  use(&both);
}
