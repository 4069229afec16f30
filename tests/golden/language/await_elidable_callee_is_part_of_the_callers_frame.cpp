#include "../support.h"

template <class T> struct [[clang::coro_await_elidable]] work {
  struct promise_type {
    std::coroutine_handle<> next;
    work get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct hand_over {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) noexcept {
        return done.promise().next;
      }
      void await_resume() noexcept {}
    };
    hand_over final_suspend() noexcept { return {}; }
    void return_value(T value) { result = value; }
    void unhandled_exception() {}
    T result;
  };
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) {
    own.promise().next = awaiting;
    return own;
  }
  T await_resume() { return own.promise().result; }
  ~work() { own.destroy(); }
  std::coroutine_handle<promise_type> own;
};

work<int> inner(int n) {
  co_await later{};
  co_return n;
}

template <class T> work<T> both([[clang::coro_await_elidable_argument]] work<T> &&one) {
  co_return co_await static_cast<work<T> &&>(one);
}

work<int> outer(int n) {
  co_return co_await inner(n) + co_await both(inner(2));
}
