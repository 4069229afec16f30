// coroscope: dis --lowered --levels=O0 -- -std=c++20 -fno-exceptions
#include "../support.h"

fire go() { co_await later{}; }
