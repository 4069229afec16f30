// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A million transfers in a row, and a million children: the stack stays where it is.
#include "corpus.h"

static std::uintptr_t lowest = UINTPTR_MAX, highest = 0;
[[gnu::noinline]] static void note_stack() {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  lowest = here < lowest ? here : lowest;
  highest = here > highest ? here : highest;
}

struct player {
  struct promise_type {
    player get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

static std::coroutine_handle<> players[2];
static int turns = 0;

struct pass_to {
  int other;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept {
    return ++turns < 1'000'000 ? players[other] : std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

static player play(int me) {
  for (;;) {
    note_stack();
    co_await pass_to{1 - me};
  }
}

static task<int> child(int value) {
  note_stack();
  co_return value & 1;
}

static task<int> parent() {
  int sum = 0;
  for (int i = 0; i < 1'000'000; ++i)
    sum += co_await child(i);
  co_return sum;
}

int main() {
  player one = play(0), other = play(1);
  players[0] = one.handle;
  players[1] = other.handle;
  players[0].resume();
  CHECK(turns == 1'000'000);
  CHECK(highest - lowest < 4096);
  one.handle.destroy();
  other.handle.destroy();
  lowest = UINTPTR_MAX, highest = 0;
  CHECK(parent().run() == 500'000);
  CHECK(highest - lowest < 4096);
  return result();
}
