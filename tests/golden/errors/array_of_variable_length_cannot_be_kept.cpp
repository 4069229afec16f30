#include "../support.h"

fire sized(int n) {
  char buffer[n];
  co_await later{};
  use(buffer);
}
