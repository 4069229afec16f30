// coroscope: dis -- -std=c++23
#include "../support.h"

void start() {
  auto descend = [](this auto self, int depth) -> fire {
    co_await later{};
    if (depth > 0)
      self(depth - 1);
  };
  descend(3);
}
