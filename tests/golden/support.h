// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The smallest promise types that the goldens need, so that each golden is about its one claim.
#pragma once

#include <coroutine>
#include <exception>

/// Starts at once, ends at once, returns nothing.
struct fire {
  struct promise_type {
    fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Suspends at both ends; yields.
template <class T> struct yields {
  struct promise_type {
    T current{};
    yields get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(T value) {
      current = value;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Always suspends; what it gives back is not known here.
struct later {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};

void use(int);
void use(const void *);
