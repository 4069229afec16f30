#include "../support.h"

template <class... Values> fire keep(Values... values) {
  co_await later{};
  (use(&values), ...);
}

template fire keep<int, double, int *>(int, double, int *);
