#include "../support.h"

fire choose() {
  switch (int chosen = co_await later{}) {
  case 1:
    co_await later{};
    [[fallthrough]];
  case 2:
    use(chosen);
    break;
  default:
    co_await later{};
  }
}
