// coroscope: dis --ir --levels=O2
// coroscope: dis --asm --levels=O2 -- -std=c++20 --target=x86_64-linux-gnu
#include "../support.h"

fire go(int n) {
  int m = co_await later{};
  use(n + m);
}
