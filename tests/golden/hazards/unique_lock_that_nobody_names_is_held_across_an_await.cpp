// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <mutex>
#include <shared_mutex>

fire add(std::mutex &mutex, std::shared_mutex &readers, int &number) {
  std::unique_lock lock(mutex);
  const std::shared_lock reader(readers);
  number += co_await later{};
}

fire adopt(std::mutex &mutex, int &number) {
  mutex.lock();
  std::unique_lock<std::mutex> lock{mutex, std::adopt_lock};
  number += co_await later{};
}
