// coroscope: dis --lowered --levels=O0 -- -std=c++23
#include "../support.h"

struct by_static {
  struct promise_type {
    static by_static get_return_object();
    static std::suspend_never initial_suspend() noexcept;
    static std::suspend_never final_suspend() noexcept;
    static later yield_value(int);
    static later await_transform(later);
    static void return_value(int);
    static void unhandled_exception();
  };
};
by_static functions_without_an_object(int n) {
  co_yield n + 1;
  co_await later{};
  co_return n;
}

struct by_explicit {
  struct promise_type {
    by_explicit get_return_object(this auto &);
    std::suspend_never initial_suspend(this auto &) noexcept;
    std::suspend_never final_suspend(this auto &&) noexcept;
    later yield_value(this auto &, int);
    later await_transform(this auto &, later);
    void return_void(this auto &&);
    void unhandled_exception(this auto &);
  };
};
by_explicit functions_with_an_explicit_object(int n) {
  co_yield n + 1;
  co_await later{};
}

struct by_object {
  struct promise_type : fire::promise_type {
    struct yielder {
      later operator()(int) const;
    } yield_value;
    struct transformer {
      later operator()(int) const;
    } await_transform;
    by_object get_return_object();
  };
};
by_object objects_that_are_called(int n) {
  co_yield n + 1;
  co_await n;
}
