// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() { use(co_await later{} - co_await later{}); }
