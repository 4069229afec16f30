#include "../support.h"

fire once() {
  static int n = co_await later{};
  use(n);
}
