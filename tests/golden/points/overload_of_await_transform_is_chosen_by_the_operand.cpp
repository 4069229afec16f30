// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct picky {
  struct promise_type : fire::promise_type {
    picky get_return_object() { return {}; }
    later await_transform(int);
    later &await_transform(const char *);
    template <class T> T await_transform(T value);
  };
};

picky coroutine() {
  co_await 1;
  co_await "text";
  co_await later{};
}
