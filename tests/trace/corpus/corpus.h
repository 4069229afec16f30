// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the programs of the corpus share: checks, a log, counted allocations, and the usual promise types. A program
// prints what it did and ends with the number of checks that failed; built with the pass plugin it must do the same.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <utility>

inline int failures = 0;
inline std::size_t allocations = 0; ///< calls of operator new that the optimiser left

inline void check_that(bool holds, const char *what, int line) {
  if (holds)
    return;
  std::printf("line %d: not true: %s\n", line, what);
  ++failures;
}
#define CHECK(...) check_that(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __LINE__)

/// What main returns.
inline int result() {
  std::printf("%d failed\n", failures);
  return failures;
}

/// Says its end, and its beginning where it is asked to.
struct logged {
  explicit logged(const char *n) : name(n) { std::printf("+%s\n", name); }
  logged(const logged &other) : name(other.name) { std::printf("copy %s\n", name); }
  logged(logged &&other) noexcept : name(std::exchange(other.name, "moved-from")) { std::printf("move %s\n", name); }
  logged &operator=(const logged &) = delete;
  ~logged() { std::printf("-%s\n", name); }
  const char *name;
};

/// Runs at once and destroys itself.
struct fire {
  struct promise_type {
    fire get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

/// Lazy, awaited once, transfers symmetrically both ways.
template <class Value> struct task {
  struct promise_type {
    Value value{};
    std::exception_ptr error;
    std::coroutine_handle<> next = std::noop_coroutine();
    task get_return_object() noexcept { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct final_awaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        return self.promise().next;
      }
      void await_resume() noexcept {}
    };
    final_awaiter final_suspend() noexcept { return {}; }
    void return_value(Value given) { value = std::move(given); }
    void unhandled_exception() noexcept { error = std::current_exception(); }
  };

  explicit task(std::coroutine_handle<promise_type> given) noexcept : handle(given) {}
  task(task &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  task &operator=(task &&) = delete;
  ~task() {
    if (handle)
      handle.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle.promise().next = awaiting;
    return handle;
  }
  Value await_resume() {
    if (handle.promise().error)
      std::rethrow_exception(handle.promise().error);
    return std::move(handle.promise().value);
  }
  /// From outside of any coroutine; everything below must complete without waiting.
  Value run() {
    handle.resume();
    CHECK(handle.done());
    return await_resume();
  }

  std::coroutine_handle<promise_type> handle;
};

template <class Value> struct generator {
  struct promise_type {
    const Value *current = nullptr;
    std::exception_ptr error;
    generator get_return_object() noexcept {
      return generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(const Value &value) noexcept {
      current = &value;
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { error = std::current_exception(); }
  };

  explicit generator(std::coroutine_handle<promise_type> given) noexcept : handle(given) {}
  generator(generator &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  generator &operator=(generator &&) = delete;
  ~generator() {
    if (handle)
      handle.destroy();
  }
  bool next() {
    handle.resume();
    if (auto error = std::exchange(handle.promise().error, nullptr))
      std::rethrow_exception(error);
    return !handle.done();
  }
  const Value &value() const { return *handle.promise().current; }

  std::coroutine_handle<promise_type> handle;
};

/// Suspends whoever awaits it, until release().
struct gate {
  std::coroutine_handle<> waiting;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) noexcept { waiting = handle; }
  void await_resume() const noexcept {}
  void release() { std::exchange(waiting, nullptr).resume(); }
};
