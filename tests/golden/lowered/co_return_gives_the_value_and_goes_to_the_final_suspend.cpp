// coroscope: dis --lowered --levels=O0
#include "../support.h"

struct number {
  struct promise_type {
    number get_return_object();
    std::suspend_always initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void return_value(int);
    void unhandled_exception();
  };
};
number go(bool early) {
  if (early)
    co_return 1;
  co_return co_await later{};
}
