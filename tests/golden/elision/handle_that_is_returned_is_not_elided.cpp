// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static task count(int end) { co_yield end; }

task three() { return count(3); }
