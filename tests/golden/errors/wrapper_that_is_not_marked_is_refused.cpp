#include "../support.h"

struct [[clang::coro_return_type]] job {
  struct promise_type {
    job get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};

job go() { co_return; }
job forward() { return go(); }
