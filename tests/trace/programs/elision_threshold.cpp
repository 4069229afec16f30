// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Generators whose ramps are on both sides of the inline threshold: what is inlined there can be elided.
#include <coroutine>
#include <cstddef>
#include <cstdio>
#include <utility>

struct generator {
  struct promise_type {
    int current = 0;
    generator get_return_object() { return generator{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
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
  std::coroutine_handle<promise_type> handle;
};

static volatile int work;

/// The part before the first suspension belongs to the ramp, and grows with Size.
template <std::size_t Size> generator make(int from) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (static_cast<void>(work = from + static_cast<int>(I)), ...);
  }(std::make_index_sequence<Size>());
  co_yield work;
  co_yield from;
}

template <std::size_t Size> static int twice() {
  generator one = make<Size>(1);
  one.handle.resume();
  generator other = make<Size>(2); // a second call: the ramp is not inlined for being the last one
  return one.handle.promise().current + other.handle.promise().current;
}

template <std::size_t... Sizes> static int all(std::index_sequence<Sizes...>) { return (twice<Sizes>() + ...); }

int main() {
  std::printf("%d\n", all(std::make_index_sequence<40>()));
  return 0;
}
