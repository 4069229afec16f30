#include "../support.h"

fire wrong(int n) {
  asm volatile("" : "=?"(n));
  co_await later{};
}
