#include "../support.h"

fire coroutine(int, long kept) {
  co_await later{};
  use(static_cast<int>(kept));
}
