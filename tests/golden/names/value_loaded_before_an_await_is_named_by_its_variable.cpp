#include "../support.h"

struct pair {
  int first, second;
};

fire coroutine(pair &both, int number) { use(both.second + number + co_await later{}); }
