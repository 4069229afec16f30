// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters of every kind are copied once, moved once, or referred to; and they end last.
#include "corpus.h"

struct counted {
  static inline int copies = 0, moves = 0, live = 0;
  int value;
  explicit counted(int v) : value(v) { ++live; }
  counted(const counted &other) : value(other.value) { ++copies, ++live; }
  counted(counted &&other) noexcept : value(std::exchange(other.value, -1)) { ++moves, ++live; }
  counted &operator=(const counted &) = delete;
  ~counted() { --live; }
};

struct only_moved {
  explicit only_moved(int v) : value(v) {}
  only_moved(only_moved &&other) noexcept : value(std::exchange(other.value, 0)) {}
  int value;
};

static generator<int> by_value(counted one, only_moved two, const char (&text)[4], int number) {
  co_yield one.value;
  co_yield two.value;
  co_yield text[2];
  number = number + 1;
  co_yield number;
}

static generator<int> by_reference(int &one, int &&two, const counted &three) {
  one += 10;
  co_yield one + two + three.value;
  one += 10;
  co_yield one + two + three.value;
}

template <class... Rest> static generator<int> pack(Rest... rest) {
  int sum = 0;
  ((co_yield sum += static_cast<int>(rest)), ...);
}

int main() {
  {
    counted given(3);
    generator<int> all = by_value(given, only_moved(4), "abc", 5);
    std::printf("%d copies, %d moves\n", counted::copies, counted::moves);
    given.value = 99;
    for (int expected : {3, 4, static_cast<int>('c'), 6}) {
      CHECK(all.next());
      CHECK(all.value() == expected);
    }
    CHECK(!all.next());
  }
  CHECK(counted::live == 0);
  int one = 1, two = 2;
  const counted three(3);
  generator<int> all = by_reference(one, std::move(two), three);
  CHECK(one == 1);
  CHECK(all.next() && all.value() == 16);
  two = 5;
  CHECK(all.next() && all.value() == 29);
  generator<int> sums = pack(1, 2L, 3.5, 'a', true);
  int last = 0;
  while (sums.next())
    last = sums.value();
  CHECK(last == 6 + 'a' + 1);
  return result();
}
