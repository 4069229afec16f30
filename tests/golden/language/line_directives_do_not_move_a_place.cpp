#include "../support.h"

fire generated(int n) {
#line 100 "grammar.y"
  co_await later{};
  use(n);
}
