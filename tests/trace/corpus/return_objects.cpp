// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the ramp returns: a converted object, an optional that a failed await leaves empty, a promise with no object.
#include "corpus.h"

struct perhaps {
  bool there = false;
  int value = 0;
  struct promise_type;
};

struct proxy {
  perhaps::promise_type *from;
  operator perhaps() const;
};

struct perhaps::promise_type {
  perhaps made;
  proxy get_return_object() { return {this}; }
  std::suspend_never initial_suspend() noexcept { return {}; }
  std::suspend_always final_suspend() noexcept { return {}; }
  void return_value(int value) noexcept { made = {true, value}; }
  void unhandled_exception() noexcept { std::terminate(); }
};

struct unwrap {
  perhaps given;
  bool await_ready() const noexcept { return given.there; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  int await_resume() const noexcept { return given.value; }
};

static std::coroutine_handle<perhaps::promise_type> latest;
proxy::operator perhaps() const {
  latest = std::coroutine_handle<perhaps::promise_type>::from_promise(*from);
  return from->made;
}

static perhaps half(int number) {
  if (number % 2 != 0)
    co_await unwrap{};
  co_return number / 2;
}

static int result_of(perhaps) {
  const bool done = latest.done();
  const perhaps made = latest.promise().made;
  latest.destroy();
  return done && made.there ? made.value : -1;
}

struct nothing {
  struct promise_type {
    void get_return_object() {}
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};
template <class... Given> struct std::coroutine_traits<void, nothing, Given...> {
  using promise_type = nothing::promise_type;
};
static void returns_void(nothing, int *target) {
  *target = 1;
  co_await std::suspend_never{};
  *target = 2;
}

int main() {
  CHECK(result_of(half(8)) == 4);
  CHECK(result_of(half(7)) == -1);
  int target = 0;
  returns_void({}, &target);
  CHECK(target == 2);
  return result();
}
