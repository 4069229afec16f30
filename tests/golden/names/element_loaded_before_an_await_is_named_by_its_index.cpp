// coroscope: dis --levels=O2
#include "../support.h"

fire coroutine(int *numbers, int index) { use(numbers[index] + co_await later{}); }
