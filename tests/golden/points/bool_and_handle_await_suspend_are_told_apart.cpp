// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct maybe {
  bool await_ready();
  bool await_suspend(std::coroutine_handle<>);
  void await_resume();
};
struct transfer {
  bool await_ready();
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  void await_resume();
};

fire coroutine() {
  co_await maybe{};
  co_await transfer{};
}
