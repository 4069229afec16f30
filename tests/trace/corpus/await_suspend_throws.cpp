// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// await_suspend of each return type throws: the coroutine is not suspended and handles it.
#include "corpus.h"

template <class Result> struct refusing {
  int number;
  bool await_ready() const noexcept { return false; }
  Result await_suspend(std::coroutine_handle<>) const { throw number; }
  void await_resume() const { std::puts("not reached"); }
};

static task<int> caught() {
  int sum = 0;
  try {
    co_await refusing<void>{1};
  } catch (int number) {
    sum += number;
  }
  try {
    co_await refusing<bool>{2};
  } catch (int number) {
    sum += number;
  }
  try {
    co_await refusing<std::coroutine_handle<>>{4};
  } catch (int number) {
    sum += number;
  }
  co_return sum;
}

static task<int> passed_on() {
  logged local("local");
  co_await refusing<bool>{8};
  co_return 0;
}

static task<int> outer() {
  int sum = co_await caught();
  try {
    sum += co_await passed_on();
  } catch (int number) {
    sum += number;
  }
  co_return sum;
}

int main() {
  CHECK(outer().run() == 15);
  return result();
}
