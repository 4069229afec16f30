// coroscope: dis --members --levels=O2
#include "../support.h"

struct root {
  int number;
};
struct left : virtual root {
  int mine;
};

fire coroutine() {
  left kept;
  use(&kept);
  co_await later{};
  use(&kept);
}
