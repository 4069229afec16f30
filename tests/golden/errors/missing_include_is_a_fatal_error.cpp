#include "../support.h"

#include "no_such_file.h"

fire never() { co_await later{}; }
