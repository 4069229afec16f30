// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A hundred coroutines on one queue, in turn; sleepers in an order of their own.
#include "corpus.h"

#include <deque>
#include <queue>
#include <vector>

static std::deque<std::coroutine_handle<>> ready;
struct later {
  int time;
  int number;
  std::coroutine_handle<> handle;
  bool operator<(const later &other) const { return std::pair(time, number) > std::pair(other.time, other.number); }
};
static std::priority_queue<later> sleeping;
static int now = 0, sequence = 0;

struct yield_now {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const { ready.push_back(handle); }
  void await_resume() const noexcept {}
};
struct sleep_for {
  int time;
  bool await_ready() const noexcept { return time == 0; }
  void await_suspend(std::coroutine_handle<> handle) const { sleeping.push({now + time, ++sequence, handle}); }
  int await_resume() const noexcept { return now; }
};

static long trace = 0;
static int running = 0;
static fire worker(int number) {
  ++running;
  for (int i = 0; i < 5; ++i) {
    co_await yield_now{};
    trace = (trace * 31 + number) % 1'000'003;
    trace += co_await sleep_for{number % 7};
  }
  --running;
}

int main() {
  for (int i = 0; i < 100; ++i)
    worker(i);
  while (!ready.empty() || !sleeping.empty()) {
    if (ready.empty()) {
      now = sleeping.top().time;
      ready.push_back(sleeping.top().handle);
      sleeping.pop();
    }
    const auto handle = ready.front();
    ready.pop_front();
    handle.resume();
  }
  CHECK(running == 0);
  std::printf("%ld at %d\n", trace, now);
  return result();
}
