#include "../support.h"

struct answer {
  struct promise_type {
    int result;
    answer get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_always final_suspend() noexcept;
    void return_value(int value) { result = value; }
    void unhandled_exception();
  };
};

answer ask(bool now) {
  if (now)
    co_return 42;
  co_return co_await later{};
}
