// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ramps of sixty sizes, called twice each: those that are inlined are elided, and they are the same ones.
#include "counted_new.h"

static volatile int work;

template <int Size> static generator<int> make(int from, int limit) {
  if constexpr (Size % 2 == 0) {
    [&]<int... I>(std::integer_sequence<int, I...>) {
      (static_cast<void>(work = from + I), ...);
    }(std::make_integer_sequence<int, Size>());
  }
  for (int i = 0; i < limit; ++i)
    co_yield from + i;
}

template <class Parameter> struct heavy {
  Parameter value;
  heavy(Parameter given) : value(given) {
    for (int i = 0; i < 3; ++i)
      work = work + static_cast<int>(value);
  }
  heavy(const heavy &other) : value(other.value) { work = static_cast<int>(value); }
  ~heavy() { work = 0; }
};

template <int Size> static generator<int> with_parameters(heavy<int> one, heavy<long> two, int from) {
  [&]<int... I>(std::integer_sequence<int, I...>) {
    (static_cast<void>(work = from + I), ...);
  }(std::make_integer_sequence<int, Size>());
  co_yield one.value + static_cast<int>(two.value) + from;
}

template <int Size> static void both() {
  const std::size_t before = allocations;
  int sum = 0;
  for (generator<int> all = make<Size>(1, 3); all.next();)
    sum += all.value();
  for (generator<int> all = make<Size>(2, 2); all.next();)
    sum += all.value();
  CHECK(sum == 11);
  for (generator<int> all = with_parameters<Size>(1, 2L, 3); all.next();)
    sum += all.value();
  for (generator<int> all = with_parameters<Size>(4, 5L, 6); all.next();)
    sum += all.value();
  CHECK(sum == 32);
  std::printf("%d: %zu\n", Size, allocations - before);
}

template <int... Sizes> static void every(std::integer_sequence<int, Sizes...>) { (both<Sizes * 3>(), ...); }

int main() {
  every(std::make_integer_sequence<int, 20>());
  return result();
}
