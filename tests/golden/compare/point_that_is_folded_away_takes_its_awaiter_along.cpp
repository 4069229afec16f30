// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --compare=O0,O2
#include "../support.h"

fire coroutine() {
  co_await std::suspend_never{};
  co_await later{};
}
