#include "../support.h"

struct conversation {
  struct answer {
    bool await_ready() noexcept;
    void await_suspend(std::coroutine_handle<>) noexcept;
    int await_resume();
  };
  struct promise_type {
    conversation get_return_object();
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    answer yield_value(int);
    void return_void();
    void unhandled_exception();
  };
};

conversation ask() {
  int total = co_yield 1 + (co_yield 2);
  co_yield total;
}
