// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go(bool skip) {
  do {
    if (skip)
      continue;
    use(1);
  } while (co_await later{});
}
