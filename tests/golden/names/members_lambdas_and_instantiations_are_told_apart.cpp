// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

template <class T> yields<T> repeat(T value) {
  for (;;)
    co_yield value;
}

namespace room {
struct box {
  int content = 0;
  yields<int> look() const { co_yield content; }
};
} // namespace room

auto closure = [](auto value) -> yields<int> { co_yield value; };

void caller() {
  repeat(1);
  repeat('c');
  room::box{}.look();
  closure(2);
}
