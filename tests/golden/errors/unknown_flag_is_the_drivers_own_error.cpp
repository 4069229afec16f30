// coroscope: dis -- -std=c++20 -fno-such-flag
#include "../support.h"

fire fine() { co_await later{}; }
