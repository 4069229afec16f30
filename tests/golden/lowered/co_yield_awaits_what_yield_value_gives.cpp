// coroscope: dis --lowered --levels=O0
#include "../support.h"

yields<int> go() { co_yield 7; }
