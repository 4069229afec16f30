// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct starts {
  struct promise_type {
    starts get_return_object();
    later initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};
starts go() { co_return; }
