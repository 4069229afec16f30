// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Member functions that are coroutines: virtual, static, const, of a template, of a base class, operators.
#include "corpus.h"

struct shape {
  virtual ~shape() = default;
  virtual task<int> area() = 0;
  task<int> doubled() { co_return 2 * co_await area(); }
};

struct square : shape {
  explicit square(int s) : side(s) {}
  task<int> area() override { co_return side *co_await length(); }
  task<int> length() const { co_return side; }
  static task<int> of(int side) {
    square made(side);
    co_return co_await made.area();
  }
  generator<int> operator()(int times) const & {
    for (int i = 0; i < times; ++i)
      co_yield side + i;
  }
  task<int> operator+(int more) { co_return side + more; }
  int side;
};

struct cube final : square {
  using square::square;
  task<int> area() final { co_return 6 * co_await square::area(); }
};

template <class Value> struct box {
  Value value;
  template <class Other> task<int> plus(Other other) { co_return static_cast<int>(value + other); }
  friend task<int> twice(box self) { co_return static_cast<int>(self.value * 2); }
};

int main() {
  square four(4);
  cube three(3);
  shape *shapes[] = {&four, &three};
  CHECK(shapes[0]->doubled().run() == 32);
  CHECK(shapes[1]->doubled().run() == 108);
  CHECK(square::of(5).run() == 25);
  CHECK((four + 3).run() == 7);
  int sum = 0;
  for (generator<int> all = four(3); all.next();)
    sum += all.value();
  CHECK(sum == 15);
  CHECK(box<double>{1.5}.plus(2).run() == 3);
  CHECK(twice(box<long>{21}).run() == 42);
  return result();
}
