// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct gives_reference : later {
  int &await_resume();
};
struct gives_rvalue : later {
  int &&await_resume();
};
struct gives_nothing : later {
  void await_resume();
};

fire coroutine() {
  ++co_await gives_reference{};
  use(co_await gives_rvalue{});
  co_await gives_nothing{};
}
