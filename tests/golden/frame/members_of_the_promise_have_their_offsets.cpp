// coroscope: dis --members --levels=O2
#include "../support.h"

yields<long> coroutine() { co_yield 1; }
