#include "../support.h"

struct source {
  int n;
  fire operator()(int by) const {
    co_await later{};
    use(n + by);
  }
  fire operator+(int by) {
    co_await later{};
    use(n + by);
  }
  operator fire() {
    co_await later{};
    use(n);
  }
};

fire operator""_times(unsigned long long n) {
  co_await later{};
  use(int(n));
}

void start(source one) {
  one(1);
  one + 2;
  static_cast<fire>(one);
  3_times;
}
