// coroscope: dis --levels=O0
#include "../support.h"

void release(int *handle);
fire go() {
  [[gnu::cleanup(release)]] int handle = 1;
  co_await later{};
}
