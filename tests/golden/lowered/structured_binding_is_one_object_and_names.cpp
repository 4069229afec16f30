// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct point {
  int x, y;
};
fire go() {
  auto [x, y] = point{co_await later{}, 2};
  use(x + y);
}
