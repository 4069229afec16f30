// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

struct base {
  virtual task work() { co_return; }
};
static task work() { co_return; }

bool run(base &object, task (*function)()) { return object.work().next() || function().next() || work().next(); }
