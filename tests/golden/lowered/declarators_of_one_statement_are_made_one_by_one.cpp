// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() { int a = co_await later{}, *b = &a, c = co_await later{}; }
