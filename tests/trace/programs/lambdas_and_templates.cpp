// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines without a name of their own: lambdas, templates, members, and a coroutine inside a macro.
#include <coroutine>
#include <cstdio>
#include <string>

template <class T> struct once {
  struct promise_type {
    T value{};
    once get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(T v) { value = static_cast<T &&>(v); }
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
  T take() {
    T value = handle.promise().value;
    handle.destroy();
    return value;
  }
};

template <class T> static once<T> doubled(T value) {
  T copy = value + value;
  co_await std::suspend_always{};
  co_return copy;
}

struct account {
  int balance = 10;
  once<int> add(int amount) {
    co_await std::suspend_always{};
    co_return balance += amount;
  }
};

#define COROUTINE(name)                                                                                                \
  static once<int> name(int x) {                                                                                       \
    co_await std::suspend_always{};                                                                                    \
    co_return x;                                                                                                       \
  }
COROUTINE(from_macro)

int main() {
  auto number = doubled(21);
  number.handle.resume();
  auto text = doubled(std::string("a string that is too long for the small buffer "));
  text.handle.resume();
  auto lambda = [](int x) -> once<int> {
    co_await std::suspend_always{};
    co_return x + 1;
  };
  auto from_lambda = lambda(1);
  from_lambda.handle.resume();
  account mine;
  auto added = mine.add(5);
  added.handle.resume();
  auto macro = from_macro(3);
  macro.handle.resume();
  std::printf("%d %s %d %d %d\n", number.take(), text.take().c_str(), from_lambda.take(), added.take(), macro.take());
  return 0;
}
