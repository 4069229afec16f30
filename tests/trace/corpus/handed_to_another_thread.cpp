// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// await_suspend hands the handle over, and the other thread resumes it before await_suspend returns.
#include "corpus.h"

#include <atomic>
#include <pthread.h>

static std::atomic<void *> handed{nullptr};
static std::atomic<bool> stop{false};
static std::atomic<int> taken{0};

struct to_other_thread {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept {
    const int before = taken.load();
    handed.store(handle.address());
    while (taken.load() == before) // the frame belongs to the other thread by now
      ;
  }
  void await_resume() const noexcept {}
};

/// The helper runs us: back into its queue, which it looks into when we are suspended.
struct to_the_end_of_the_queue {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const noexcept { handed.store(handle.address()); }
  void await_resume() const noexcept {}
};

static std::atomic<int> hops{0};
static fire hop(long number) {
  const long keep[4] = {1, 2, 3, number};
  co_await to_other_thread{};
  ++hops;
  co_await to_the_end_of_the_queue{};
  CHECK(keep[0] + keep[1] + keep[2] + keep[3] == 6 + number);
  ++hops;
}

static void *helper(void *) {
  while (!stop.load())
    if (void *address = handed.exchange(nullptr)) {
      ++taken;
      std::coroutine_handle<>::from_address(address).resume();
    }
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, helper, nullptr);
  for (int i = 0; i < 200; ++i) {
    const int before = hops.load();
    hop(i);
    while (hops.load() < before + 2)
      ;
  }
  stop.store(true);
  pthread_join(thread, nullptr);
  CHECK(hops.load() == 400);
  return result();
}
