// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct seeded {
  struct promise_type {
    int seed = 7;
    seeded get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};
seeded coroutine(int) { co_return; }
