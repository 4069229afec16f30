// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go(int n) { n += co_await later{}; }
