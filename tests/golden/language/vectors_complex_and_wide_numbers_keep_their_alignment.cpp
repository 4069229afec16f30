#include "../support.h"

using four = float __attribute__((vector_size(16)));

fire compute(four a, _Complex double b, __int128 c, long double d) {
  co_await later{};
  use(&a);
  use(&b);
  use(&c);
  use(&d);
}
