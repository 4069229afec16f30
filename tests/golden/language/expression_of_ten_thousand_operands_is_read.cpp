#include "../support.h"

#define TEN(x) x + x + x + x + x + x + x + x + x + x

fire sum(int n) {
  use(co_await later{} + TEN(TEN(TEN(TEN(n)))));
}
