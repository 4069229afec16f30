// coroscope: dis --lowered --levels=O0
#include "../support.h"

using size = decltype(sizeof 0);
struct arena {
  void *place;
};
struct pooled {
  struct promise_type : fire::promise_type {
    promise_type(int, arena &, const char *) {}
    static void *operator new(size, int, arena from, const char *) { return from.place; }
    static void operator delete(void *, size) {}
    pooled get_return_object();
  };
};
pooled go(int, arena from, const char *what) {
  co_await later{};
  use(what);
}
