// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

task elsewhere(int);

task caller() { co_await elsewhere(1); }
