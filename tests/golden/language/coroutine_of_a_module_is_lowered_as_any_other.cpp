// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
module;
#include "../support.h"
export module parser;

export fire coroutine() { co_await later{}; }
