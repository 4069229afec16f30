#include "../support.h"

struct triple {
  int a, b, c;
};

fire fill() {
  triple designated{.a = co_await later{}, .c = co_await later{}};
  int array[] = {co_await later{}, 2, co_await later{}};
  use(&designated);
  use(array);
}
