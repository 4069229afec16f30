// coroscope: dis --lowered --levels=O0
#include "../support.h"

#define DOUBLED(value) ((value) * 2)
#define WAIT_AND_USE                                                                                                   \
  {                                                                                                                    \
    int waited = co_await later{};                                                                                     \
    use(waited);                                                                                                       \
  }
fire go() {
  int n = DOUBLED(co_await later{});
  WAIT_AND_USE
  use(n);
}
