#include "../support.h"

struct guard {
  guard();
  ~guard();
  int held;
};

fire critical() {
  {
    guard one;
    co_await later{};
  }
  guard two;
  co_await later{};
}
