// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2 --function=consumer
#include "../support.h"

#include <iterator>
#include <utility>

struct numbers {
  struct promise_type : yields<int>::promise_type {
    numbers get_return_object() { return numbers(std::coroutine_handle<promise_type>::from_promise(*this)); }
  };
  using handle = std::coroutine_handle<promise_type>;
  explicit numbers(handle own) : own(own) {}
  numbers(const numbers &) = delete;
  ~numbers() { own.destroy(); }
  handle own;
};

numbers count(int n) {
  for (int i = 0; i < n; ++i)
    co_yield i;
}

fire consumer(int n) {
  numbers all = count(n);
  for (all.own.resume(); !all.own.done(); all.own.resume()) {
    use(all.own.promise().current);
    co_await later{};
  }
}
