// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0 --function=squares
#include "../support.h"

#include <iterator>

struct counter {
  int value = 0;
  int operator*() const { return value; }
  counter &operator++() {
    ++value;
    return *this;
  }
  bool operator!=(std::default_sentinel_t) const { return value != 3; }
};

struct upto {
  counter begin() const { return {}; }
  std::default_sentinel_t end() const { return {}; }
};

yields<int> squares() {
  for (int i : upto())
    co_yield i + i;
}
