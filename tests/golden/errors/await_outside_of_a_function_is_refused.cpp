#include "../support.h"

int global = co_await later{};

fire parameters(int n = co_await later{});
