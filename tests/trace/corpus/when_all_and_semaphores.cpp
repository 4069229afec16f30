// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Joins by counting, a semaphore, and a channel, all of a few lines: who resumes whom stays as it was.
#include "corpus.h"

#include <deque>

struct latch {
  int left;
  std::coroutine_handle<> waiting = nullptr;
  bool await_ready() const noexcept { return left == 0; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiting = handle; }
  void await_resume() const noexcept {}
  void arrive() {
    if (--left == 0 && waiting)
      waiting.resume();
  }
};

struct semaphore {
  int left;
  std::deque<std::coroutine_handle<>> waiting = {};
  bool await_ready() noexcept { return left > 0 && left-- > 0; }
  void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
  void await_resume() const noexcept {}
  void release() {
    if (waiting.empty()) {
      ++left;
      return;
    }
    const auto next = waiting.front();
    waiting.pop_front();
    next.resume();
  }
};

static semaphore slots{2};
static gate doors[6];

static fire child(int number, latch &all) {
  co_await slots;
  std::printf("%d in\n", number);
  co_await doors[number];
  std::printf("%d out\n", number);
  slots.release();
  all.arrive();
}

static bool joined = false;
static fire parent() {
  latch all{6};
  for (int i = 0; i < 6; ++i)
    child(i, all);
  co_await all;
  joined = true;
}

int main() {
  parent();
  for (int left = 6; left > 0;)
    for (gate &door : doors)
      if (door.waiting) {
        --left;
        door.release();
      }
  CHECK(joined);
  CHECK(slots.left == 2);
  return result();
}
