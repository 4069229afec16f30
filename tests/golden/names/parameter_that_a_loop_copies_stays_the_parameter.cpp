// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../support.h"

struct list {
  list(list &&other) : first(other.first) { other.first = nullptr; }
  ~list() { use(first); }
  int *begin() const { return first; }
  int *end() const { return nullptr; }
  int *first;
};

fire coroutine(list all) {
  for (int value : all) {
    co_await later{};
    use(value);
  }
}
