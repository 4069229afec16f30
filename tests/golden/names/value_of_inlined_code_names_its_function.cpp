// coroscope: dis --levels=O2
#include "../support.h"

int measure(int);
inline int twice(int number) {
  int doubled = measure(number) * 2;
  return doubled;
}

fire coroutine(int number) { use(twice(number) + co_await later{}); }
