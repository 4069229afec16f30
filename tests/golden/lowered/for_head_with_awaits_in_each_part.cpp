// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  for (int i = co_await later{}; i < co_await later{}; i += co_await later{})
    use(i);
}
