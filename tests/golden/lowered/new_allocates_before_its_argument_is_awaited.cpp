// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct box {
  int content;
};
fire go() { use(new box{co_await later{}}); }
