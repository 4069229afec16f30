// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --lowered --levels=O0
// coroscope: dis
#include "../support.h"

struct fails {
  bool await_ready() { throw 1; }
  void await_suspend(std::coroutine_handle<>) { throw 2; }
  void await_resume() { throw 3; }
};
fire body(bool early) {
  if (early)
    throw 0;
  co_await fails{};
}
