// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0,O2
#include "../support.h"

struct transfer : later {
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
};

fire coroutine(int times) {
  co_await transfer{};
  while (times-- > 0)
    co_await transfer{};
}
