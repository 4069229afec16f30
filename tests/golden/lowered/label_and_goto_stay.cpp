// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go(int n) {
again:
  co_await later{};
  if (n--)
    goto again;
}
