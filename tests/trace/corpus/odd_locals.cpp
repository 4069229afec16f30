// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locals of every sort across a suspension: bit-fields, unions, volatiles, member pointers, bindings, references to
// temporaries, initializer lists, static and thread_local ones.
#include "corpus.h"

#include <atomic>
#include <initializer_list>

struct packed {
  unsigned one : 3;
  unsigned other : 13;
  signed negative : 5;
};
union either {
  int number;
  float real;
};
struct pair_of {
  int first;
  long second;
  int sum(int more) const { return first + static_cast<int>(second) + more; }
};
enum class colour : unsigned char { red = 1, blue = 200 };

static generator<long> all_of_them() {
  packed bits{5, 4000, -7};
  either value{.number = 42};
  volatile int watched = 3;
  std::atomic<long> counter{8};
  colour chosen = colour::blue;
  int pair_of::*member = &pair_of::first;
  int (pair_of::*method)(int) const = &pair_of::sum;
  auto [first, second] = pair_of{11, 12};
  const pair_of &extended = pair_of{21, 22};
  std::initializer_list<int> list = {1, 2, 3};
  static int calls = 0;
  static thread_local int of_thread = 0;
  long double wide = 2.5L;
  __int128 large = (static_cast<__int128>(1) << 100) + 1;
  char text[] = "text";
  co_yield ++calls;
  bits.other += 1;
  value.real = 1.5F;
  watched = watched + 1;
  counter += 2;
  co_yield bits.one + bits.other + bits.negative;
  co_yield value.real == 1.5F ? 1 : 0;
  co_yield watched + counter.load() + static_cast<long>(chosen);
  co_yield extended.*member + (extended.*method)(1);
  co_yield first + second;
  long sum = ++of_thread;
  for (int each : list)
    sum += each;
  co_yield sum;
  co_yield static_cast<long>(wide * 2) + static_cast<long>(large >> 100) + text[3];
}

int main() {
  for (int round = 1; round <= 2; ++round) {
    generator<long> all = all_of_them();
    for (long expected :
         {static_cast<long>(round), 5L + 4001 - 7, 1L, 4L + 10 + 200, 21L + 44, 23L, 6L + round, 5L + 1 + 't'}) {
      CHECK(all.next());
      CHECK(all.value() == expected);
    }
    CHECK(!all.next());
  }
  return result();
}
