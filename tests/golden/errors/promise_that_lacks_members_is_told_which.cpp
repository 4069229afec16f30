#include "../support.h"

struct bare {
  struct promise_type {
    bare get_return_object();
  };
};

bare go() { co_return; }
