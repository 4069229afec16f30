// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

fire coroutine(int parameter) { use(parameter * 3 + co_await later{}); }
