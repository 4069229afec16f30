#include "../support.h"

struct careless {
  struct promise_type {
    careless get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend();
    void return_void();
    void unhandled_exception();
  };
};

careless go() { co_return; }
