// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <mutex>

fire add(std::mutex &mutex, int &number) {
  std::unique_lock lock(mutex);
  ++number;
  lock.unlock();
  co_await later{};
}
