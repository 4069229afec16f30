// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --compare=O0,O2
#include "../support.h"

fire coroutine() {
  {
    int first[4] = {};
    use(first);
    co_await later{};
    use(first);
  }
  {
    int second[4] = {};
    use(second);
    co_await later{};
    use(second);
  }
}
