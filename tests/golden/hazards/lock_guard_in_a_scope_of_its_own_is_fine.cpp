// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"
#include <mutex>

fire add(std::mutex &mutex, int &number) {
  const int more = co_await later{};
  {
    const std::lock_guard lock(mutex);
    number += more;
  }
  co_await later{};
}
