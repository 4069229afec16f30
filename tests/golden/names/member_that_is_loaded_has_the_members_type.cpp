// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../support.h"

struct packet {
  unsigned short kind;
  unsigned char flags;
  const char *text;
};

void show(const char *text, unsigned short kind);

fire coroutine(packet *first, packet *second) {
  const char *text = first->text;
  unsigned short kind = second->kind;
  int sum = first->flags + co_await later{};
  show(text, kind);
  use(sum);
}
