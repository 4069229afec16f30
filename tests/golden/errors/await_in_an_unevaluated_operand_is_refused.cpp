#include "../support.h"

fire measure() {
  use(sizeof(co_await later{}));
  using type = decltype(co_await later{});
  co_return;
}
