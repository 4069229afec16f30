// coroscope: dis --levels=O2
#include <coroutine>
#include <exception>
#include <utility>

template <class T> struct [[clang::coro_await_elidable]] task {
  struct promise_type {
    T value{};
    std::coroutine_handle<> caller;
    task get_return_object() { return task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct awaiter {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          return self.promise().caller;
        }
        void await_resume() noexcept {}
      };
      return awaiter{};
    }
    void return_value(T result) { value = result; }
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
  explicit task(std::coroutine_handle<promise_type> made) : handle(made) {}
  task(task &&other) noexcept : handle(std::exchange(other.handle, {})) {}
  ~task() {
    if (handle)
      handle.destroy();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
    handle.promise().caller = caller;
    return handle;
  }
  T await_resume() { return handle.promise().value; }
};

task<int> leaf(int number) { co_return number + 1; }
task<int> middle(int number) { co_return co_await leaf(number) + number; }
task<int> root(int number) { co_return co_await middle(number) + number; }
