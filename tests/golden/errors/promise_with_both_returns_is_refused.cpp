#include "../support.h"

struct both {
  struct promise_type {
    both get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void return_value(int);
    void unhandled_exception();
  };
};

both go() { co_return; }
