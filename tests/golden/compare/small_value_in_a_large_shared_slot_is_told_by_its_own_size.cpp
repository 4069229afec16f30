// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: check --max-frame=64
// coroscope: dis --levels=O2
#include "../support.h"

struct waiter {
  int until;
  waiter(int);
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};

fire coroutine() {
  {
    char large[200];
    use(large);
    co_await later{};
    use(large);
  }
  co_await waiter{2};
}
