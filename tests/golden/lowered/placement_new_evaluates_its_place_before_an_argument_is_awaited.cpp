// coroscope: dis --lowered --levels=O0
#include "../support.h"

#include <new>

struct point {
  point(int);
};
void *place();
fire go() { use(new (place()) point(co_await later{})); }
fire elements() { use(new (place()) int[2]{co_await later{}, 2}); }
