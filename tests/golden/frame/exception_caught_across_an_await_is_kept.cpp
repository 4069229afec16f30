// coroscope: dis --levels=O0,O2
#include "../support.h"

void risky();

fire coroutine() {
  int number = 0;
  try {
    risky();
  } catch (int caught) {
    number = caught;
  }
  use(number + co_await later{});
}
