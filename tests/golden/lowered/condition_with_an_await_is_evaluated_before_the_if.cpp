// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  if (co_await later{} > 3)
    use(1);
  else if (co_await later{})
    use(2);
}
