#include "../support.h"

auto guess() { co_await later{}; }
