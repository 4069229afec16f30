#include "../support.h"

fire never() {
  co_await later{};
  co_return;
  co_await later{};
}

fire also_never() {
  if (false)
    co_await later{};
  while (true)
    co_await later{};
}
