// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=from
// coroscope: dis --why=to
#include "../support.h"
#include <memory>

fire coroutine(std::unique_ptr<int> from) {
  co_await later{};
  std::unique_ptr<int> to = std::move(from);
  co_await later{};
  use(*to);
}
