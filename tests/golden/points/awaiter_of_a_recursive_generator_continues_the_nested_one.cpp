// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

template <class T> struct elements_of {
  T range;
};

struct numbers {
  struct promise_type;
  using handle = std::coroutine_handle<promise_type>;
  struct nested {
    numbers *inner;
    bool await_ready();
    handle await_suspend(handle outer);
    void await_resume();
  };
  struct promise_type : fire::promise_type {
    numbers get_return_object();
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int);
    nested yield_value(elements_of<numbers> inner);
  };
  ~numbers();
};

numbers tree(int depth) {
  if (depth > 0)
    co_yield elements_of{tree(depth - 1)};
  co_yield depth;
}
