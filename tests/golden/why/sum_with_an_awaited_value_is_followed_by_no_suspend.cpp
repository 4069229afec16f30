// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
// coroscope: dis --levels=O2 --why=sum
#include "../support.h"

struct packet {
  unsigned short kind;
  unsigned char flags;
};

void show(unsigned short kind);

fire coroutine(packet *first, packet *second) {
  unsigned short kind = second->kind;
  int sum = first->flags + co_await later{};
  show(kind);
  use(sum);
}
