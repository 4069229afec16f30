#include "../support.h"

void start() {
  auto generic = [](auto value) -> fire {
    co_await later{};
    use(&value);
  };
  generic(1);
  generic('c');
}
