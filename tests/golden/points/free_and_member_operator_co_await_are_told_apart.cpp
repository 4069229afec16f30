// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct by_member {
  later operator co_await() const;
};
struct by_function {};
later operator co_await(by_function);

fire coroutine() {
  co_await by_member{};
  co_await by_function{};
}
