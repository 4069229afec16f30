// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program of the elision test prints, for a function that calls coroutines, how often each of its calls was made and
// how many allocations came of them all. Nothing else between the two counts allocates.
#pragma once

#include <coroutine>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

inline int allocations = 0;

[[gnu::noinline]] void *operator new(std::size_t size) {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void *memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

/// `other` allocations are not of the calls in the function.
[[gnu::noinline]] inline void measure(const char *name, int calls, int other, void (*function)()) {
  const int before = allocations;
  function();
  std::printf("%s %d %d\n", name, calls, allocations - before - other);
}

struct generator {
  struct promise_type {
    int value = 0;
    generator get_return_object() { return generator{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int next) noexcept {
      value = next;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit generator(std::coroutine_handle<promise_type> made) : coroutine(made) {}
  generator(generator &&other) noexcept : coroutine(std::exchange(other.coroutine, {})) {}
  ~generator() {
    if (coroutine)
      coroutine.destroy();
  }
  bool next() {
    coroutine.resume();
    return !coroutine.done();
  }
  int value() const { return coroutine.promise().value; }
  std::coroutine_handle<promise_type> coroutine;
};

/// What a lazy task of any class needs; Task is the class.
template <class Task> struct task_promise {
  int value = 0;
  std::coroutine_handle<> continuation = std::noop_coroutine();
  Task get_return_object() { return Task{std::coroutine_handle<task_promise>::from_promise(*this)}; }
  std::suspend_always initial_suspend() noexcept { return {}; }
  struct back {
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<task_promise> done) noexcept {
      return done.promise().continuation;
    }
    void await_resume() noexcept {}
  };
  back final_suspend() noexcept { return {}; }
  void return_value(int result) { value = result; }
  void unhandled_exception() { std::terminate(); }
};

template <class Task> struct task_parts {
  using promise_type = task_promise<Task>;
  explicit task_parts(std::coroutine_handle<promise_type> made) : coroutine(made) {}
  task_parts(task_parts &&other) noexcept : coroutine(std::exchange(other.coroutine, {})) {}
  ~task_parts() {
    if (coroutine)
      coroutine.destroy();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) {
    coroutine.promise().continuation = waiting;
    return coroutine;
  }
  int await_resume() { return coroutine.promise().value; }
  std::coroutine_handle<promise_type> coroutine;
};

struct task : task_parts<task> {
  using task_parts::task_parts;
};
struct [[clang::coro_await_elidable]] elidable_task : task_parts<elidable_task> {
  using task_parts::task_parts;
};
struct [[clang::coro_await_elidable, clang::coro_only_destroy_when_complete]] complete_task
    : task_parts<complete_task> {
  using task_parts::task_parts;
};

/// Runs a task to its end.
template <class Task> int run(Task made) {
  made.coroutine.resume();
  return made.coroutine.promise().value;
}
