#include "../support.h"

fire print(const char *format, ...) { co_await later{}; }
