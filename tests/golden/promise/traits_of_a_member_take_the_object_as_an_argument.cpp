// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct session {
  fire read(int count) const { co_await later{}; }
  fire close() && { co_await later{}; }
  static fire open(int port) { co_await later{}; }
};
