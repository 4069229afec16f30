// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the hazard sources are written with: a lazy task, an awaiter that suspends, functions that nobody sees into.
#pragma once

#include <coroutine>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

struct task {
  struct promise_type {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    task get_return_object() { return task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct final_awaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        return self.promise().continuation;
      }
      void await_resume() noexcept {}
    };
    final_awaiter final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  task(task &&other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  task &operator=(task &&other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~task() {
    if (handle_)
      handle_.destroy();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
    handle_.promise().continuation = caller;
    return handle_;
  }
  void await_resume() {}
  std::coroutine_handle<promise_type> handle_;
};

struct event {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};

/// A coroutine of the value type T that is awaited.
template <class T> struct future {
  struct promise_type {
    T *value;
    future get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(T result) { *value = result; }
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  T await_resume();
};

void use(const std::string &);
void use(int);
void view(std::string_view);
bool condition();
void spawn(task started);

inline task reads(const std::string &text) {
  co_await event{};
  use(text);
}

inline task reads_view(std::string_view text) {
  co_await event{};
  view(text);
}

inline task child(int n) {
  co_await event{};
  use(n);
}
