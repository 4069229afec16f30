#include "../support.h"

fire choose(bool left) {
  use(left ? co_await later{} : -co_await later{});
}
