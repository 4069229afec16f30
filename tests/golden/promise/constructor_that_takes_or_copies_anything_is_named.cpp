// coroscope: dis --levels=O0
#include "../support.h"

struct anything {
  struct promise_type : fire::promise_type {
    promise_type(...);
    anything get_return_object();
  };
};
anything takes(int) { co_return; }

struct copied {
  struct promise_type : fire::promise_type {
    int seed;
    copied get_return_object();
  };
};
copied copies(copied::promise_type) { co_return; }
