// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../elision/tasks.h"

task start(int number) {
  auto body = [number]() -> task {
    co_await later{};
    co_yield number;
  };
  auto made = body();
  co_await made;
}
