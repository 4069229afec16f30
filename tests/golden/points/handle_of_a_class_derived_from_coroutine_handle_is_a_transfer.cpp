// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct named_handle : std::coroutine_handle<> {};
struct transfer : later {
  named_handle await_suspend(std::coroutine_handle<>);
};

fire coroutine() {
  co_await later{};
  co_await transfer{};
}
