#include "../support.h"

fire tick(int times = 3, later first = {}) {
  co_await first;
  use(times);
}

fire callers() {
  tick();
  co_await later{};
  tick(1);
}
