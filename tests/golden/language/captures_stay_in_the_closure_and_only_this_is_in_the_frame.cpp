#include "../support.h"

void start(int n) {
  char large[64] = {};
  auto capturing = [n, large]() -> fire {
    co_await later{};
    use(n);
    use(large);
  };
  capturing();
}
