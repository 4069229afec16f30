// coroscope: dis --levels=O2
#include "../support.h"

int both(int, int);

fire coroutine(int number, int factor) { use(both(number * factor + 1, co_await later{})); }
