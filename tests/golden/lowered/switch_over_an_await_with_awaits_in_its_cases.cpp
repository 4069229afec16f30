// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  switch (co_await later{}) {
  case 1:
    use(co_await later{});
    break;
  default:
    co_return;
  }
}
