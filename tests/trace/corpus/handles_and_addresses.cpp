// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Handles made from addresses and from promises, compared, hashed, kept as bytes, and called.
#include "corpus.h"

#include <cstring>
#include <functional>

struct counter {
  struct promise_type {
    int count = 0;
    counter get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int by) noexcept {
      count += by;
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

static counter counting() {
  for (;;)
    co_yield 1;
}

int main() {
  counter made = counting();
  void *const address = made.handle.address();
  std::coroutine_handle<>::from_address(address).resume();
  unsigned char kept[sizeof(void *)];
  std::memcpy(kept, &address, sizeof kept);
  void *again;
  std::memcpy(&again, kept, sizeof again);
  auto typed = std::coroutine_handle<counter::promise_type>::from_address(again);
  typed();
  std::coroutine_handle<>::from_address(again).resume();
  CHECK(typed.promise().count == 3);
  CHECK(std::coroutine_handle<counter::promise_type>::from_promise(typed.promise()).address() == address);
  const std::coroutine_handle<> erased = typed;
  CHECK(erased == std::coroutine_handle<>(made.handle));
  CHECK(std::hash<std::coroutine_handle<>>()(erased) == std::hash<std::coroutine_handle<>>()(made.handle));
  CHECK(!std::coroutine_handle<>());
  CHECK(erased.address() && !typed.done());
  const auto nothing = std::noop_coroutine();
  nothing.resume();
  nothing();
  CHECK(!nothing.done());
  std::coroutine_handle<>(made.handle).destroy();
  return result();
}
