#include "../support.h"

struct counter {
  int value;
  fire count() {
    co_await later{};
    use(value);
  }
};

void start(counter &one) { one.count(); }
