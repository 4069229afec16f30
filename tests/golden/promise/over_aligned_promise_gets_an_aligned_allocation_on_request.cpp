// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis -- -std=c++20
// coroscope: dis -- -std=c++20 -fcoro-aligned-allocation
#include "../support.h"

struct wide {
  struct promise_type : fire::promise_type {
    alignas(64) char bytes[64];
    wide get_return_object() { return {}; }
  };
};

wide coroutine() { co_await later{}; }
