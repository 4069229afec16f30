// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go(int n) { use(n + co_await later{}); }
