#include "../support.h"

fire machine(int state) {
  static void *const targets[] = {&&first, &&second};
  goto *targets[state];
first:
  co_await later{};
  use(1);
second:
  co_await later{};
  use(state);
}
