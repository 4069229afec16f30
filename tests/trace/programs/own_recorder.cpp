// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts what its coroutines report, in place of a recorder, which any argument turns on.
#include <atomic>
#include <coroutine>
#include <cstdio>

static unsigned events = 0;
static unsigned transfers = 0;
static unsigned returns = 0;

extern "C" {
extern std::atomic<bool> coroscope_trace_on;
std::atomic<bool> coroscope_trace_on{false};
[[gnu::noinline]] void coroscope_trace_register(void *) noexcept {}
[[gnu::noinline]] void coroscope_trace_event(const void *, const void *, unsigned, unsigned) noexcept { ++events; }
[[gnu::noinline]] void coroscope_trace_transfer(const void *, const void *) noexcept { ++transfers; }
[[gnu::noinline]] void coroscope_trace_returned(const void *) noexcept { ++returns; }
}

struct fire_and_forget {
  struct promise_type {
    fire_and_forget get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

static std::coroutine_handle<> waiting;

struct waits {
  bool await_ready() { return false; }
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<> self) { waiting = self; }
  void await_resume() {}
};

struct hands_over {
  bool await_ready() { return false; }
  [[gnu::noinline]] std::coroutine_handle<> await_suspend(std::coroutine_handle<> self) {
    waiting = self;
    return std::noop_coroutine();
  }
  void await_resume() {}
};

static fire_and_forget steps() {
  co_await waits{};
  co_await hands_over{};
}

int main(int count, char **) {
  coroscope_trace_on = count > 1;
  steps();
  waiting.resume();
  waiting.resume();
  const auto how_many = [](unsigned calls) { return calls == 0 ? "no" : "some"; };
  std::printf("%s events, %s transfers, %s returns\n", how_many(events), how_many(transfers), how_many(returns));
}
