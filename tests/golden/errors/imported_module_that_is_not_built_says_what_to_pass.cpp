// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

import parser;

fire coroutine() { co_await later{}; }
