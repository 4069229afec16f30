// coroscope: dis --levels=O2
#include "../support.h"

void decide(bool, int);

fire coroutine(int number, int limit) { decide(number < limit, co_await later{}); }
