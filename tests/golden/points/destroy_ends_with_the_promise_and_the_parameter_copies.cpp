// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct guard {
  guard(guard &&);
  ~guard();
};

struct ending {
  struct promise_type : fire::promise_type {
    ending get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    ~promise_type();
  };
};

ending coroutine(guard first, guard second, const guard &reference) {
  guard local(static_cast<guard &&>(first));
  co_await later{};
}
