// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

struct value {
  value(int);
  value(value &&) noexcept;
  ~value();
};

task large(value, value, value, value, value, value, value, value) { co_return; }

bool first() { return large(1, 2, 3, 4, 5, 6, 7, 8).next(); }
