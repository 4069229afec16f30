// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An exception from each function that the compiler calls, and where it arrives.
#include "corpus.h"

enum class place {
  none,
  promise,
  object,
  initial_ready,
  initial_suspend,
  initial_resume,
  body,
  value,
  ready,
  suspend,
  resume
};

static place thrower = place::none;
static void maybe(place here) {
  if (here == thrower)
    throw static_cast<int>(here);
}

struct thrown {
  struct promise_type {
    promise_type() { maybe(place::promise); }
    ~promise_type() { std::puts("promise ends"); }
    thrown get_return_object() {
      maybe(place::object);
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    struct first {
      bool await_ready() {
        maybe(place::initial_ready);
        return false;
      }
      void await_suspend(std::coroutine_handle<>) { maybe(place::initial_suspend); }
      void await_resume() { maybe(place::initial_resume); }
    };
    first initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int) { maybe(place::value); }
    void unhandled_exception() {
      try {
        throw;
      } catch (int which) {
        std::printf("unhandled %d\n", which);
      }
    }
  };
  std::coroutine_handle<promise_type> handle;
};

struct awaiter {
  bool await_ready() {
    maybe(place::ready);
    return false;
  }
  void await_suspend(std::coroutine_handle<>) { maybe(place::suspend); }
  void await_resume() { maybe(place::resume); }
};

static thrown work(logged) {
  logged local("local");
  maybe(place::body);
  co_await awaiter{};
  co_return 1;
}

int main() {
  for (int i = 0; i <= static_cast<int>(place::resume); ++i) {
    thrower = static_cast<place>(i);
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    if (thrower != place::none && thrower < place::initial_resume)
      continue; // clang 22 without optimisation looks into the frame that it gave back
#endif
    std::printf("place %d\n", i);
    try {
      thrown made = work(logged("parameter"));
      while (!made.handle.done())
        made.handle.resume();
      made.handle.destroy();
    } catch (int which) {
      CHECK(which == i);
      std::puts("to the caller");
    }
  }
  return result();
}
