#include "../support.h"

struct [[clang::coro_return_type, clang::coro_lifetimebound, clang::coro_only_destroy_when_complete]] job {
  struct promise_type {
    job get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

[[clang::coro_wrapper]] job wrapped(const int &n);

job plain(const int &n) {
  co_await later{};
  use(n);
}
