// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire read() {
  {
    char buffer[60];
    use(buffer);
  }
  co_await later{};
}
