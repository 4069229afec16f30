// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis -- -std=c++20 -fno-exceptions
#include "../support.h"

fire coroutine() { co_await later{}; }
