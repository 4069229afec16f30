// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unhandled_exception rethrows, nobody catches it: the program ends in its terminate handler.
#include "corpus.h"

struct strict {
  struct promise_type {
    strict get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { throw; }
  };
};

static strict work() {
  logged local("local");
  co_await std::suspend_never{};
  throw 3;
}

int main() {
  std::set_terminate([] {
    std::puts("terminated");
    std::fflush(stdout);
    std::_Exit(41);
  });
  work();
}
