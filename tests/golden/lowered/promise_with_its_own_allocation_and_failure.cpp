// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct small {
  struct promise_type {
    promise_type(int size);
    small get_return_object();
    static small get_return_object_on_allocation_failure();
    void *operator new(decltype(sizeof 0) size, int hint) noexcept;
    void operator delete(void *frame, decltype(sizeof 0) size) noexcept;
    std::suspend_never initial_suspend() noexcept;
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};
small go(int hint) { co_await later{}; }
