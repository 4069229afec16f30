// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

inline fire coroutine() { co_await later{}; }

template <class T> fire never(T) { co_await later{}; }
