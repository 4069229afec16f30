// coroscope: dis --lowered --levels=O0
#include "../support.h"

#include <cstddef>

struct point {
  point(int);
  static void *operator new(std::size_t, int, const char *);
};
int tag();
const char *name();
fire go() { use(new (tag(), name()) point(co_await later{})); }
fire awaited() { use(new (co_await later{}, name()) point(tag())); }
