// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0,O2
#include "../support.h"

void use(int);

struct machine {
  int state = 3;
  auto body() const {
    return [*this]() -> yields<int> {
      co_yield state;
      use(state);
    };
  }
};

void run() {
  const auto body = machine{}.body();
  body();
}
