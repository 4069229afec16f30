#include "../support.h"

constexpr fire early() { co_await later{}; }
consteval fire earlier() { co_await later{}; }
