// coroscope: dis --lowered --levels=O0
#include "../support.h"

fire go() {
  int numbers[] = {1, 2, 3};
  for (int one : numbers)
    use(one);
  co_return;
}
