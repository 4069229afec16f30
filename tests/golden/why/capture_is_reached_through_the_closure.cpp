// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=this
#include "../support.h"

int value();

auto make() {
  return [captured = value()]() -> fire {
    co_await later{};
    use(captured);
  };
}
