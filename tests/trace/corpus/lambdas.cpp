// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lambdas that are coroutines: with captures, generic, recursive through themselves, called at once.
#include "corpus.h"

int main() {
  int outside = 5;
  auto captures = [outside, &other = outside](int by) -> generator<int> {
    other += by;
    co_yield outside;
    other += by;
    co_yield outside + other;
  };
  generator<int> all = captures(2);
  CHECK(all.next() && all.value() == 5);
  CHECK(all.next() && all.value() == 14);
  auto generic = [](auto from, auto to) -> generator<decltype(from)> {
    for (; from < to; ++from)
      co_yield from;
  };
  double sum = 0;
  for (auto numbers = generic(0.5, 4); numbers.next();)
    sum += numbers.value();
  CHECK(sum == 8.0);
  auto down = [](auto &self, int from) -> generator<int> {
    co_yield from;
    if (from > 0)
      for (generator<int> rest = self(self, from - 1); rest.next();)
        co_yield rest.value();
  };
  int seen = 0;
  for (generator<int> numbers = down(down, 6); numbers.next();)
    seen = seen * 10 + numbers.value();
  CHECK(seen == 6543210);
  int ran = 0;
  [](int &target) -> fire {
    target = 1;
    co_return;
  }(ran);
  CHECK(ran == 1);
  static constexpr auto kept = []<int Number>(std::integral_constant<int, Number>) -> task<int> { co_return Number; };
  CHECK(kept(std::integral_constant<int, 12>()).run() == 12);
  return result();
}
