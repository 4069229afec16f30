// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls allocate: the optimiser elides the same ones.
#include "counted_new.h"

static generator<int> up_to(int limit) {
  for (int i = 0; i < limit; ++i)
    co_yield i;
}

static int visible() {
  int sum = 0;
  for (generator<int> all = up_to(10); all.next();)
    sum += all.value();
  return sum;
}

static generator<int> *kept = nullptr;
[[gnu::noinline]] static int escapes() {
  generator<int> all = up_to(3);
  kept = &all;
  asm volatile("" : : "r"(kept) : "memory");
  return all.next() ? all.value() + 1 : 0;
}

[[gnu::noinline]] static generator<int> opaque(int limit) {
  for (int i = 0; i < limit; ++i)
    co_yield i;
}

static int through_opaque() {
  int sum = 0;
  for (generator<int> all = opaque(4); all.next();)
    sum += all.value();
  return sum;
}

template <int Depth> static generator<int> nested(int from) {
  if constexpr (Depth > 0)
    for (generator<int> below = nested<Depth - 1>(from); below.next();)
      co_yield below.value() + 1;
  else
    co_yield from;
}

static int nested_sum() {
  int sum = 0;
  for (generator<int> all = nested<4>(1); all.next();)
    sum += all.value();
  return sum;
}

template <class Work> static void counted(const char *name, Work work, int expected) {
  const std::size_t before = allocations;
  CHECK(work() == expected);
  std::printf("%s allocates %zu times\n", name, allocations - before);
}

int main() {
  counted("visible", visible, 45);
  counted("escapes", escapes, 1);
  counted("through opaque", through_opaque, 6);
  counted("nested", nested_sum, 5);
  return result();
}
