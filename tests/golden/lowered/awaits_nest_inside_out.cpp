// coroscope: dis --lowered --levels=O0
#include "../support.h"

later after(int);
fire go() { co_await after(co_await later{}); }
