// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an await chooses: await_transform, operator co_await as member and as free function, coroutine_traits.
#include "corpus.h"

struct seconds {
  int value;
};
struct with_member {
  auto operator co_await() const {
    struct awaiter : std::suspend_never {
      int await_resume() const noexcept { return 1; }
    };
    return awaiter{};
  }
};
struct with_free {};
static auto operator co_await(with_free) {
  struct awaiter : std::suspend_never {
    int await_resume() const noexcept { return 2; }
  };
  return awaiter{};
}

struct transforming {
  struct promise_type {
    int result = 0;
    transforming get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int value) noexcept { result = value; }
    void unhandled_exception() noexcept { std::terminate(); }
    auto await_transform(seconds time) {
      struct awaiter : std::suspend_never {
        int value;
        int await_resume() const noexcept { return value; }
      };
      return awaiter{{}, time.value * 10};
    }
    with_member await_transform(with_member value) { return value; }
    with_free await_transform(with_free value) { return value; }
    std::suspend_always await_transform(std::suspend_always) { return {}; }
  };
  std::coroutine_handle<promise_type> handle;
};

static transforming work() {
  int sum = co_await seconds{3};
  sum += co_await with_member{};
  co_await std::suspend_always{};
  sum += co_await with_free{};
  co_return sum;
}

struct traced_by_traits {
  int value;
};
template <> struct std::coroutine_traits<traced_by_traits, int> {
  struct promise_type {
    int given;
    explicit promise_type(int parameter) : given(parameter) {}
    traced_by_traits get_return_object() { return {given}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};
static traced_by_traits by_traits(int) { co_return; }

int main() {
  transforming made = work();
  made.handle.resume();
  CHECK(made.handle.promise().result == 33);
  made.handle.destroy();
  CHECK(by_traits(17).value == 17);
  return result();
}
