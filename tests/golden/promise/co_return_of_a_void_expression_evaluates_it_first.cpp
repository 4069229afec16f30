// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct silent : later {
  void await_resume();
};

fire coroutine() { co_return co_await silent{}; }
