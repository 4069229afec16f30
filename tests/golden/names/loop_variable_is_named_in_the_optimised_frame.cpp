// coroscope: dis --levels=O2,O3
#include "../support.h"

fire coroutine(int limit) {
  for (int i = 0; i < limit; ++i)
    use(i + co_await later{});
}
