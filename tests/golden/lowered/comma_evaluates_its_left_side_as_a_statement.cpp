// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() { use(1), co_await later{}; }
