// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct three {
  int *begin();
  int *end();
};
yields<int> go(three all) {
  for (int one : all)
    co_yield one;
}
