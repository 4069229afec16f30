// coroscope: dis --levels=O0 -- -std=c++23
#include "../support.h"

struct by_explicit {
  struct promise_type : fire::promise_type {
    by_explicit get_return_object();
    later await_transform(this auto &, later);
  };
};
by_explicit function_with_an_explicit_object() { co_await later{}; }

struct by_object {
  struct promise_type {
    struct returner {
      void operator()(int) const;
    } return_value;
    struct transformer {
      later operator()(int) const;
    } await_transform;
    by_object get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_never final_suspend() noexcept;
    void unhandled_exception();
  };
};
by_object objects_that_are_called(int n) { co_return co_await n; }
