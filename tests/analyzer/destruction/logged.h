// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs that say what destroy() really runs. Each suspension prints "at LINE" (or "at initial", "at final") and each
// destructor "CLASS LINE" with the line where its object was made, or "CLASS" alone for promise and parameters.
#pragma once

#include <coroutine>
#include <cstdio>
#include <exception>
#include <source_location>
#include <utility>

inline const char *suspended_at = "";
inline unsigned suspended_line = 0;

/// Something with a destructor.
struct logged {
  std::source_location where;
  bool is_silent = false;
  logged(std::source_location made = std::source_location::current()) : where(made) {}
  logged(int, std::source_location made = std::source_location::current()) : where(made) {}
  logged(const logged &other) = default;
  logged &operator=(const logged &) { return *this; }
  ~logged() {
    if (!is_silent)
      std::printf("logged %u\n", where.line());
  }
  explicit operator bool() const { return true; }
};

/// The destructor of a class made of `parts` speaks for all of them.
inline void log_whole(const char *name, logged &first, auto &...others) {
  std::printf("%s %u\n", name, first.where.line());
  ((first.is_silent = true), ..., (others.is_silent = true));
}

inline logged make(int = 0, std::source_location made = std::source_location::current()) { return {made}; }

/// Suspends; its awaiter is destroyed.
struct wait {
  std::source_location where;
  wait(std::source_location made = std::source_location::current()) : where(made) {}
  wait(const logged &, std::source_location made = std::source_location::current()) : where(made) {}
  wait(int, std::source_location made = std::source_location::current()) : where(made) {}
  ~wait() { std::printf("wait %u\n", where.line()); }
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {
    suspended_at = "";
    suspended_line = where.line();
  }
  int await_resume() { return 1; }
};

/// Suspends; gives an object.
struct wait_for_object {
  std::source_location where;
  wait_for_object(std::source_location made = std::source_location::current()) : where(made) {}
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {
    suspended_at = "";
    suspended_line = where.line();
  }
  logged await_resume() { return {where}; }
};

/// Awaited through another object.
struct indirect {
  std::source_location where;
  indirect(std::source_location made = std::source_location::current()) : where(made) {}
  ~indirect() { std::printf("indirect %u\n", where.line()); }
  wait operator co_await() const { return {where}; }
};

struct first_parameter {
  bool is_original = true;
  first_parameter() = default;
  first_parameter(first_parameter &&) : is_original(false) {}
  ~first_parameter() {
    if (!is_original)
      std::puts("first_parameter");
  }
};

struct second_parameter {
  bool is_original = true;
  second_parameter() = default;
  second_parameter(const second_parameter &) : is_original(false) {}
  ~second_parameter() {
    if (!is_original)
      std::puts("second_parameter");
  }
};

struct coroutine {
  struct promise_type {
    struct named_suspend {
      const char *name;
      bool await_ready() noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) noexcept { suspended_at = name; }
      void await_resume() noexcept {}
      ~named_suspend() { std::puts("named_suspend"); }
    };
    coroutine get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    named_suspend initial_suspend() { return {"initial"}; }
    named_suspend final_suspend() noexcept { return {"final"}; }
    wait yield_value(const logged &, std::source_location made = std::source_location::current()) { return {made}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
    ~promise_type() { std::puts("promise_type"); }
  };
  std::coroutine_handle<promise_type> handle;
};

/// Its promise gives an object of another type, which is converted.
struct converted {
  struct given {
    std::coroutine_handle<coroutine::promise_type> handle;
    ~given() { std::puts("given"); }
  };
  struct promise_type : coroutine::promise_type {
    given get_return_object() { return {coroutine::promise_type::get_return_object().handle}; }
  };
  converted(const given &result) : handle(result.handle) {}
  std::coroutine_handle<coroutine::promise_type> handle;
};

/// Destroys a fresh coroutine that was resumed so many times; gives whether it was at its end.
template <class Make> bool destroy_after(int resumptions, const char *name, Make make_one) {
  const auto one = make_one();
  for (int i = 0; i < resumptions; ++i) {
    suspended_line = 0;
    one.handle.resume();
  }
  const bool done = one.handle.done();
  std::printf("in %s at %s", name, suspended_at);
  if (!*suspended_at)
    std::printf("%u", suspended_line);
  std::puts("");
  one.handle.destroy();
  std::puts("end");
  return done;
}

/// Destroys it after 0, 1, 2 … resumptions, until it is at its end.
template <class Make> void destroy_everywhere(const char *name, Make make_one) {
  for (int resumptions = 0; !destroy_after(resumptions, name, make_one); ++resumptions) {
  }
}

#define SUBJECT(name, ...) destroy_everywhere(#name, [] { return name(__VA_ARGS__); })

inline void use(const logged &) {}
template <class... T> int take(T &&...) { return 1; }
