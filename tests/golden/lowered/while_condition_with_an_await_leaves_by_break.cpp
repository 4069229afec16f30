// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  while (co_await later{})
    use(1);
}
