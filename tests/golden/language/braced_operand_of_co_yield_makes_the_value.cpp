#include "../support.h"

struct point {
  int x = 0, y = 0;
};

yields<point> diagonal() {
  for (int i = 0; i < 3; ++i)
    co_yield {i, i};
  co_yield {};
}
