// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables that lead elsewhere: handles of coroutines that live, were destroyed or are none, references into another
// frame and into the same one, and pointers to the heap and to nothing.
#include <coroutine>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct person {
  int age = 0;
  std::string name;
  person *friend_of = nullptr;
};

struct task {
  struct promise_type {
    std::coroutine_handle<> continuation;
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct last {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
        const std::coroutine_handle<> next = ended.promise().continuation;
        return next ? next : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    last final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) {
    handle.promise().continuation = waiting;
    return handle;
  }
  void await_resume() {}
  std::coroutine_handle<promise_type> handle;
};

void use_one(const void *value) { asm volatile("" ::"r"(value) : "memory"); }

template <class... Values> [[gnu::noinline]] void use(Values &...values) { (use_one(&values), ...); }

[[gnu::noinline]] task child(int &total, const std::string &name, std::vector<int> *numbers,
                             std::unique_ptr<person> owned, person &someone, int (&rest)[3]) {
  total += 5;
  numbers->push_back(total);
  use(total, name, numbers, owned, someone, rest);
  co_await std::suspend_always{};
  someone.age += 1;
  total += 5;
  use(total, name, numbers, owned, someone, rest);
  co_await std::suspend_always{};
  use(total, name, numbers, owned, someone, rest);
}

std::coroutine_handle<> inner;

[[gnu::noinline]] task parent() {
  int total = 3;
  int rest[3] = {1, 2, 3};
  std::string name = "a name that stands on the heap";
  std::vector<int> numbers{7};
  person someone{30, "of the same length as the name", nullptr};
  int &last = rest[2];
  double *nowhere = reinterpret_cast<double *>(16);
  std::string_view *nothing = nullptr;
  task one = child(total, name, &numbers,
                   std::make_unique<person>(7, "someone on the heap, with a long name", &someone), someone, rest);
  std::coroutine_handle<> other = one.handle;
  std::coroutine_handle<> no_frame = std::noop_coroutine();
  inner = one.handle;
  use(total, rest, name, numbers, someone, last, nowhere, nothing, one, other, no_frame);
  co_await one;
  use(total, rest, name, numbers, someone, last, nowhere, nothing, one, other, no_frame);
  one.handle.destroy();
  co_await std::suspend_always{};
  use(total, rest, name, numbers, someone, last, nowhere, nothing, one, other, no_frame);
}

int main() {
  const task outer = parent();
  outer.handle.resume();
  inner.resume();
  inner.resume();
  outer.handle.resume();
  outer.handle.destroy();
}
