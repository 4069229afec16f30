// coroscope: dis --lowered --levels=O0
#include "../support.h"

#include <cstddef>

struct point {
  point();
  point(int);
  ~point();
};
std::size_t count();
fire go() { use(new point[count()]{co_await later{}}); }
fire made_in_place() { use(new point[2]{1, co_await later{}}); }
fire deduced() { use(new int[]{1, co_await later{}}); }
