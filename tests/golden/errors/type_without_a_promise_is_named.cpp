#include "../support.h"

int number() { co_await later{}; }
