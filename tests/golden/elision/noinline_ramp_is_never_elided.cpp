// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

[[gnu::noinline]] task count(int end) { co_yield end; }

bool first() { return count(3).next(); }
