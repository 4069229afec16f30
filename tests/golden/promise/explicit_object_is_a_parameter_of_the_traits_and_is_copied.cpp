// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis -- -std=c++23
#include "../support.h"

struct session {
  int number = 0;
  fire by_value(this session self) {
    co_await later{};
    use(self.number);
  }
  template <class Self> fire forwarded(this Self &&self) {
    co_await later{};
    use(self.number);
  }
};

void instantiate(session &known) { known.forwarded(); }
