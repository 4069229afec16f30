// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  if (int n = co_await later{}; n > 1)
    use(n);
}
