#include "../support.h"

struct thing {
  thing() { co_await later{}; }
  ~thing() { co_return; }
};
