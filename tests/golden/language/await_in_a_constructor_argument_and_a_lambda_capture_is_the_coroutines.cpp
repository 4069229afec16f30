#include "../support.h"

struct box {
  explicit box(int);
  int value;
};

fire capture() {
  box made(co_await later{});
  auto closure = [n = co_await later{}, &made] { return n + made.value; };
  co_await later{};
  use(closure());
}
