// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that are not to be seen at their place: made by a macro, by a pointer, by the standard library, for a variable.
#include "count.h"

#include <functional>

static volatile int limit = 3;
static volatile int sink;
static generator *volatile kept;

static generator count_to(int end) {
  for (int i = 0; i < end; ++i)
    co_yield i;
}

static int sum(generator numbers) {
  int all = 0;
  while (numbers.next())
    all += numbers.value();
  return all;
}

static generator of_a_variable = count_to(3);
static const int made_for_variables = allocations;

#define BOTH(end)                                                                                                      \
  sink = sum(count_to(end));                                                                                           \
  kept = new generator(count_to(end))
[[gnu::noinline]] static void of_a_macro() { BOTH(limit); }
#define NESTED(end) sink = sum(count_to(sum(count_to(end))))
[[gnu::noinline]] static void nested_in_a_macro() { NESTED(limit); }

template <class Function> static int apply(Function function) { return sum(function(limit)); }
[[gnu::noinline]] static void by_a_pointer() { sink = apply(count_to); }

struct base {
  virtual generator numbers() = 0;
};
struct derived final : base {
  generator numbers() override { co_yield 1; }
};
[[gnu::noinline]] static void by_a_virtual_call() {
  derived made;
  base &seen = made;
  sink = sum(seen.numbers());
}

[[gnu::noinline]] static void invoked() { sink = sum(std::invoke(count_to, limit)); }
[[gnu::noinline]] static void invoked_and_stored() { kept = new generator(std::invoke(count_to, limit)); }

int main() {
  std::printf("of_a_variable 1 %d\n", made_for_variables);
  measure("of_a_macro", 1, 1, of_a_macro);
  measure("nested_in_a_macro", 1, 0, nested_in_a_macro);
  measure("by_a_virtual_call", 1, 0, by_a_virtual_call);
#ifdef __OPTIMIZE__ // else nobody knows what is called
  measure("invoked", 1, 0, invoked);
  measure("invoked_and_stored", 1, 1, invoked_and_stored);
#endif
  measure("apply", 1, 0, by_a_pointer);
}
