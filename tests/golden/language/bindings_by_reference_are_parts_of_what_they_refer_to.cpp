// coroscope: dis --levels=O0,O2 -- -std=c++20
#include "../support.h"

struct pair {
  int first, second;
};

pair &anywhere();

fire unpack() {
  pair own{1, 2};
  use(&own);
  auto &[a, b] = own;
  auto &[c, d] = anywhere();
  co_await later{};
  use(a + b + c + d);
}
