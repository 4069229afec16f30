// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A generator that is left while it is suspended, so that a local with a destructor dies with the frame.
#include <coroutine>
#include <cstdio>

struct generator {
  struct promise_type {
    int current = 0;
    generator get_return_object() { return generator{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int value) {
      current = value;
      return {};
    }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

struct noisy {
  ~noisy() { std::puts("local destroyed"); }
};

static generator count(int from) {
  noisy local;
  for (;;)
    co_yield from++;
}

static generator two() {
  co_yield 1;
  co_yield 2;
}

int main() {
  generator endless = count(5);
  for (int i = 0; i < 2; ++i) {
    endless.handle.resume();
    std::printf("%d\n", endless.handle.promise().current);
  }
  endless.handle.destroy();

  generator ends = two();
  for (ends.handle.resume(); !ends.handle.done(); ends.handle.resume())
    std::printf("%d\n", ends.handle.promise().current);
  ends.handle.destroy();

  generator never_started = two();
  never_started.handle.destroy();
  return 0;
}
