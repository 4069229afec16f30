// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A generator that the optimiser places in its caller's frame, and one that it cannot.
#include <coroutine>
#include <cstdio>

struct generator {
  struct promise_type {
    int current = 0;
    generator get_return_object() { return generator{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int value) noexcept {
      current = value;
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
  };
  explicit generator(std::coroutine_handle<promise_type> h) : handle(h) {}
  generator(const generator &) = delete;
  ~generator() { handle.destroy(); }
  bool next() {
    handle.resume();
    return !handle.done();
  }
  std::coroutine_handle<promise_type> handle;
};

static generator inlined(int n) {
  for (int i = 0; i < n; ++i)
    co_yield i;
}

[[gnu::noinline]] static generator called(int n) {
  for (int i = 0; i < n; ++i)
    co_yield i;
}

int main() {
  int sum = 0;
  for (generator g = inlined(2); g.next();)
    sum += g.handle.promise().current;
  for (generator g = called(1); g.next();)
    sum += g.handle.promise().current;
  std::printf("%d\n", sum);
  return 0;
}
