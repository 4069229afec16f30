// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lazy coroutine types whose objects own their coroutine, so that elision is possible.
#pragma once

#include "../support.h"
#include <utility>

template <class Owner> struct owner_promise {
  int value = 0;
  std::coroutine_handle<> continuation = std::noop_coroutine();
  Owner get_return_object() { return Owner{std::coroutine_handle<owner_promise>::from_promise(*this)}; }
  std::suspend_always initial_suspend() noexcept { return {}; }
  struct back {
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<owner_promise> done) noexcept {
      return done.promise().continuation;
    }
    void await_resume() noexcept {}
  };
  back final_suspend() noexcept { return {}; }
  std::suspend_always yield_value(int next) noexcept {
    value = next;
    return {};
  }
  void return_void() {}
  void unhandled_exception() { std::terminate(); }
};

template <class Owner> struct owner_of {
  using promise_type = owner_promise<Owner>;
  explicit owner_of(std::coroutine_handle<promise_type> made) : coroutine(made) {}
  owner_of(owner_of &&other) noexcept : coroutine(std::exchange(other.coroutine, {})) {}
  ~owner_of() {
    if (coroutine)
      coroutine.destroy();
  }
  bool next() {
    coroutine.resume();
    return !coroutine.done();
  }
  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) {
    coroutine.promise().continuation = waiting;
    return coroutine;
  }
  int await_resume() { return coroutine.promise().value; }
  std::coroutine_handle<promise_type> coroutine;
};

struct task : owner_of<task> {
  using owner_of::owner_of;
};
struct [[clang::coro_await_elidable]] elidable : owner_of<elidable> {
  using owner_of::owner_of;
};
struct [[clang::coro_await_elidable, clang::coro_only_destroy_when_complete]] complete : owner_of<complete> {
  using owner_of::owner_of;
};
