// coroscope: dis -- -std=c++23
#include "../support.h"

struct counter {
  int value = 0;
  fire by_value(this counter self) {
    co_await later{};
    use(self.value);
  }
  template <class Self> fire by_reference(this Self &&self) {
    co_await later{};
    use(self.value);
  }
};

void start(counter &one) {
  one.by_value();
  one.by_reference();
}
