// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static task work() { co_return; }

task caller() { co_await work(); }
