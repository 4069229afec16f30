// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine() {
  int state = 0;
  try {
    state = co_await later{};
    use(state);
  } catch (int error) {
    state = error;
  }
  co_await later{};
  use(state);
}
