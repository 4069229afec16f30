// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  int n = ({
    int half = co_await later{};
    half * 2;
  });
  use(n);
}
