#include "../support.h"

fire outer() {
  int n = co_await later{};
  auto inner = [&n]() -> fire {
    n += co_await later{};
    auto innermost = [&n]() -> fire {
      co_await later{};
      use(n);
    };
    innermost();
  };
  inner();
  co_await later{};
}
