// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct wrapped {
  later operator co_await();
};
struct job {
  struct promise_type {
    job get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_never final_suspend() noexcept;
    wrapped await_transform(int);
    void return_void();
    void unhandled_exception();
  };
};
job go() { use(co_await 3); }
