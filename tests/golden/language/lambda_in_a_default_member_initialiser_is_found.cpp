#include "../support.h"

struct device {
  fire (*start)(int) = [](int n) -> fire {
    co_await later{};
    use(n);
  };
};

device one;
fire (*global)() = []() -> fire { co_await later{}; };
