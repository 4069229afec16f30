// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() { co_await later{}; }
