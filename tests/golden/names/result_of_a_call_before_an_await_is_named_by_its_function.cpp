#include "../support.h"

int measure();

fire coroutine() { use(measure() + co_await later{}); }
