#include "../support.h"

fire careful() {
  volatile int flag = 1;
  const int constant = 2;
  co_await later{};
  use(flag + constant);
}
