// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tasks.h"

static elidable work() { co_await later{}; }

elidable caller() { co_await work(); }
