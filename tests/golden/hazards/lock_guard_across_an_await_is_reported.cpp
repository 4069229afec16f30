// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <mutex>

fire add(std::mutex &mutex, int &number) {
  const std::lock_guard lock(mutex);
  number += co_await later{};
}
