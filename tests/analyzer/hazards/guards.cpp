// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Correct code: no lock is held when these coroutines suspend.
#include "task.h"

#include <mutex>

task never_suspends(std::mutex &mutex) {
  std::lock_guard guard(mutex);
  co_await std::suspend_never{};
  use(1);
}

task scope_ends_before(std::mutex &mutex) {
  {
    std::scoped_lock guard(mutex);
    use(1);
  }
  co_await event{};
}

task suspends_in_a_lambda_only(std::mutex &mutex) {
  std::lock_guard guard(mutex);
  auto inner = []() -> task { co_await event{}; };
  spawn(inner());
  co_return;
}

task suspends_before_in_the_turn(std::mutex &mutex) {
  for (;;) {
    co_await event{};
    std::lock_guard guard(mutex);
    use(1);
  }
}

task jumps_out_of_the_scope(std::mutex &mutex) {
again:
  co_await event{};
  {
    std::lock_guard guard(mutex);
    if (condition())
      goto again;
  }
}

task returns_in_the_scope(std::mutex &mutex) {
  std::lock_guard guard(mutex);
  co_return;
}

task returns_before(std::mutex &mutex, bool early) {
  if (early) {
    std::lock_guard guard(mutex);
    use(1);
    co_return;
  }
  co_await event{};
}

template <bool Suspends> task discarded(std::mutex &mutex) {
  std::lock_guard guard(mutex);
  if constexpr (Suspends)
    co_await event{};
  co_return;
}
template task discarded<false>(std::mutex &);

task another_case(std::mutex &mutex, int n) {
  switch (n) {
  case 1: {
    std::lock_guard guard(mutex);
    use(1);
    break;
  }
  case 2:
    co_await event{};
  }
}

task throws_before(std::mutex &mutex) {
  std::lock_guard guard(mutex);
  throw 1;
  co_await event{};
}

task may_unlock(std::mutex &mutex) {
  std::unique_lock guard(mutex);
  guard.unlock();
  co_await event{};
}

task unlocks_after(std::mutex &mutex) {
  std::unique_lock guard(mutex);
  co_await event{};
  guard.unlock(); // whoever reads this knows what is locked
}

task locks_later(std::mutex &mutex) {
  std::unique_lock guard(mutex, std::defer_lock);
  co_await event{};
}

task hands_the_lock_on(std::mutex &mutex, std::unique_lock<std::mutex> &to) {
  std::unique_lock guard(mutex);
  to = std::move(guard);
  co_await event{};
}

task takes_a_lock_over(std::unique_lock<std::mutex> from) {
  std::unique_lock guard(std::move(from));
  co_await event{};
}
