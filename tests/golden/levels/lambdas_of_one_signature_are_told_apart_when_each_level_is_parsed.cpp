#include "../support.h"

#ifdef __OPTIMIZE__
constexpr int room = 8;
#else
constexpr int room = 80;
#endif

void start() {
  auto small = [](int n) -> fire {
    co_await later{};
    use(n);
  };
  auto large = [](int n) -> fire {
    char buffer[room] = {};
    co_await later{};
    use(buffer);
    use(n);
  };
  large(1);
  small(2);
}
