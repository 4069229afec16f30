// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ways to end: not suspending at the end, being destroyed in the final await_suspend, going on with somebody else.
#include "corpus.h"

static int ended = 0;
static std::coroutine_handle<> next_one;

template <int How> struct ending {
  struct promise_type {
    ~promise_type() { ++ended; }
    ending get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct awaiter {
      bool await_ready() noexcept { return How == 0; }
      auto await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        if constexpr (How == 1) {
          self.destroy();
        } else if constexpr (How == 2) {
          self.destroy();
          return std::exchange(next_one, std::noop_coroutine());
        } else {
          return How == 3;
        }
      }
      void await_resume() noexcept {}
    };
    awaiter final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

template <int How> static ending<How> work(int number) {
  logged local("local");
  std::printf("%d\n", number);
  co_await std::suspend_always{};
}

template <int How> static void twice() {
  const auto made = work<How>(How).handle;
  made.resume();
  made.resume();
}

int main() {
  twice<0>();
  twice<1>();
  const auto after = work<0>(10).handle;
  after.resume();
  next_one = after;
  twice<2>();
  CHECK(ended == 4);
  const auto kept = work<3>(3).handle;
  kept.resume();
  kept.resume();
  CHECK(kept.done());
  kept.destroy();
  twice<4>();
  CHECK(ended == 6);
  return result();
}
