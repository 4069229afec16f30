#include "../support.h"

template <class... Ts> fire coroutine(Ts... values) {
  co_await later{};
  (use(static_cast<int>(values)), ...);
}
template fire coroutine(int, long, char);
