// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: check --max-frame=64
// coroscope: check --max-frame=1KiB --level=O0
// coroscope: check --max-frame=64 --format=markdown
// coroscope: check --max-frame=64 --format=sarif --function=large
#include "../support.h"

fire large() {
  char buffer[100] = {};
  int count = 0;
  use(buffer);
  count = co_await later{};
  use(buffer);
  co_await later{};
  use(count);
}

fire small() { co_await later{}; }
