// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// More suspend points than a word has bits: what a variable leads to is known at the last as at the first.
#include <coroutine>
#include <string>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

#define FOUR_POINTS                                                                                                    \
  co_yield 1;                                                                                                          \
  co_yield 2;                                                                                                          \
  co_yield 3;                                                                                                          \
  co_yield 4;
#define SIXTEEN_POINTS FOUR_POINTS FOUR_POINTS FOUR_POINTS FOUR_POINTS

task many() {
  std::string text(20, 'k');
  SIXTEEN_POINTS SIXTEEN_POINTS SIXTEEN_POINTS SIXTEEN_POINTS text += "llll";
  FOUR_POINTS
  text += "mmmm";
  co_yield 5;
}

int main() {
  const task all = many();
  while (!all.handle.done())
    all.handle.resume();
  all.handle.destroy();
}
