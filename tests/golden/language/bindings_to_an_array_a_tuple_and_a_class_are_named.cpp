#include "../support.h"

#include <tuple>

struct pair {
  int first, second;
};

fire unpack(int (&numbers)[2], pair both) {
  auto [a, b] = numbers;
  auto [c, d] = std::tuple<int, long>(1, 2);
  auto &[e, f] = both;
  co_await later{};
  use(&a);
  use(b + c + int(d) + e + f);
}
