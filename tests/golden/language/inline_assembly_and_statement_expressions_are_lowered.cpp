#include "../support.h"

fire low_level(int n) {
  int squared = ({
    int inner = n * n;
    inner + co_await later{};
  });
  asm volatile("" : "+r"(squared));
  co_await later{};
  use(squared);
}
