// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --why=pointer --levels=O2
// coroscope: dis --why=held --levels=O2
#include "../support.h"

struct holder {
  int *value;
};

int value();
void take(int *);
void take(holder);

fire coroutine() {
  int hidden = value();
  int *pointer = &hidden;
  take(pointer);
  holder held{&hidden};
  take(held);
  co_await later{};
}
