// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis -- -std=c++20 --target=wasm32 -isystem tests/matrix/include
#include "../support.h"

struct handover {
  bool await_ready();
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  void await_resume();
};

fire coroutine() {
  co_await handover{};
  co_await handover{};
}
