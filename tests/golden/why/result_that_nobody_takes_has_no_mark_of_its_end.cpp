// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=14
#include "../support.h"

struct text {
  int letters[4];
  ~text();
};
struct reader : later {
  text await_resume();
};

fire coroutine() {
  co_await reader{};
  co_await later{};
}
