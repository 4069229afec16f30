// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What library_user.cpp loads.
#include <coroutine>

struct fire {
  struct promise_type {
    fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
  };
};

static fire in_the_library(int *number) {
  co_await std::suspend_never{};
  *number *= 21;
}

extern "C" int library_entry(int number) {
  in_the_library(&number);
  return number;
}
