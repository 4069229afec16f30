// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines of every shape that needs no library: what they become on other targets is compared with clang's record.
#include <coroutine>

void use(int);
void use(const void *);

struct task {
  struct promise_type;
  using handle = std::coroutine_handle<promise_type>;
  struct back {
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(handle own) noexcept { return own.promise().awaiting; }
    void await_resume() noexcept {}
  };
  struct promise_type {
    std::coroutine_handle<> awaiting;
    int result = 0;
    task get_return_object() { return {handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    back final_suspend() noexcept { return {}; }
    void return_value(int value) { result = value; }
    void unhandled_exception() noexcept {}
  };
  bool await_ready() { return false; }
  handle await_suspend(std::coroutine_handle<> awaiting) {
    own.promise().awaiting = awaiting;
    return own;
  }
  int await_resume() { return own.promise().result; }
  handle own;
};

struct numbers {
  struct promise_type {
    long long current;
    numbers get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(long long value) {
      current = value;
      return {};
    }
    void return_void() {}
    void unhandled_exception() noexcept {}
  };
};

struct event {
  bool await_ready();
  bool await_suspend(std::coroutine_handle<>);
  int await_resume();
};

struct point {
  double x, y;
  char name;
};

numbers count(long long from, short step) {
  while (true)
    co_yield from += step;
}

task leaf(int n, point where) {
  int got = co_await event{};
  use(&where);
  co_return n + got;
}

task sum(int n, const point &where) {
  int total = 0;
  for (int i = 0; i < n; ++i)
    total += co_await leaf(i, where);
  int array[5] = {total};
  total += co_await event{} + co_await event{};
  use(array);
  co_return total;
}

task aligned(char a) {
  alignas(64) char line[64] = {a};
  co_await event{};
  use(line);
  co_return a;
}

struct server {
  int port;
  task run() const {
    auto step = [this](int n) -> task { co_return n + port + co_await event{}; };
    co_return co_await step(1);
  }
};

template <class T> task generic(T value) {
  if (co_await event{} && co_await event{})
    use(&value);
  co_return 1;
}

void start(server &one) {
  one.run();
  generic(1);
  generic(point{1, 2, 'a'});
}
