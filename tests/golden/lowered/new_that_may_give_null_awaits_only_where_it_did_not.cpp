// coroscope: dis --lowered --levels=O0
#include "../support.h"

#include <new>

struct point {
  point(int);
};
fire go() { use(new (std::nothrow) point(co_await later{})); }
