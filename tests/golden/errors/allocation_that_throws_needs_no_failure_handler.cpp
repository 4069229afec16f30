#include "../support.h"

struct picky {
  struct promise_type {
    void *operator new(unsigned long);
    picky get_return_object();
    static picky get_return_object_on_allocation_failure();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};

picky go() { co_return; }
