// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static complete work() { co_await later{}; }

complete caller() { co_await work(); }
