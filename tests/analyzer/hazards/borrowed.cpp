// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Correct code: what a coroutine refers to lives long enough, is not read again, or may well be alive.
#include "task.h"

#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <vector>

// Starts at once, so what it reads before it suspends is alive.
struct eager {
  struct promise_type {
    eager get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

// The parameter is read at the start only; the variable that hides it lives in the frame.
eager hides(const std::string &name) {
  use(name);
  {
    std::string name = "inner";
    co_await event{};
    use(name);
  }
}
void starts_one_that_hides() { hides(std::string("temporary")); }
eager remembers_a_length(std::string_view text) {
  const auto size = text.size();
  co_await event{};
  use(static_cast<int>(size));
}
void starts_one_that_remembers_a_length() { remembers_a_length(std::string("temporary")); }

// A conversion runs the coroutine to its end, while the temporary lives.
struct lazy_int {
  struct promise_type {
    int value;
    lazy_int get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(int result) { value = result; }
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
  operator int() {
    while (!handle.done())
      handle.resume();
    const int result = handle.promise().value;
    handle.destroy();
    return result;
  }
};
lazy_int length(const std::string &text) {
  co_await std::suspend_always{};
  co_return static_cast<int>(text.size());
}
int converted() {
  int n = length(std::string("temporary"));
  return n;
}
int converted_when_returned() {
  std::string text = "local";
  return length(text);
}

struct job {
  struct promise_type {
    job get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
  void run() {
    while (!handle.done())
      handle.resume();
    handle.destroy();
  }
};
job prints(const std::string &text) {
  co_await std::suspend_always{};
  use(text);
}
struct runner {
  runner(job work) { work.run(); }
};
void run_copied() { runner all = prints(std::string("temporary")); }
void run_braced() { runner all{prints(std::string("temporary"))}; }
void run_directly() { runner all(prints(std::string("temporary"))); }
runner run_returned() { return prints(std::string("temporary")); }
void run_in_optional() { std::optional<runner> all = prints(std::string("temporary")); }
struct owner {
  runner all;
  owner() : all(prints(std::string("temporary"))) {}
};

// Views of what does not own what they show.
struct text_reference {
  const char *begin;
  std::size_t size;
  text_reference(const char *);
  operator std::string_view() const { return {begin, size}; }
};
text_reference name_of(int);
void view_of_a_reference() {
  auto kept = reads_view(name_of(3));
  spawn(std::move(kept));
}
struct has_text {
  operator std::string_view() const { return "static"; }
};
task view_of_static_text() { return reads_view(has_text{}); }
struct numbers {
  const int *first, *last;
  const int *begin() const { return first; }
  const int *end() const { return last; }
  const int *data() const { return first; }
  std::size_t size() const { return static_cast<std::size_t>(last - first); }
};
template <> inline constexpr bool std::ranges::enable_borrowed_range<numbers> = true;
numbers borrowed();
std::span<const int> all_numbers();
task reads_span(std::span<const int> values) {
  co_await event{};
  for (int value : values)
    use(value);
}
task span_of_a_borrowed_range() { return reads_span(borrowed()); }
task span_of_a_span() { return reads_span(all_numbers().subspan(1)); }
std::string_view persistent();
task view_of_a_view() { return reads_view(persistent()); }
task view_of_a_literal() { return reads_view(std::string_view("literal")); }
task part_of_a_parameter(std::string_view text) { return reads_view(text.substr(1)); }
task view_in_a_variable() {
  std::string_view text = persistent();
  return reads_view(text);
}

// Objects behind pointers and references.
struct object {
  int value;
  task member() {
    co_await event{};
    use(value);
  }
  object *operator->() { return this; }
};
std::shared_ptr<object> shared();
task of_a_shared_object() {
  auto keeps = shared();
  return keeps->member();
}
object *raw();
task of_a_pointer() { return raw()->member(); }
object &global();
task of_a_reference() { return global().member(); }
struct handle {
  object *target;
  object &operator*() { return *target; }
  task forwards() { return target->member(); }
};
task of_what_a_temporary_points_to() { return (*handle{raw()}).member(); }
task of_a_temporary_that_forwards() { return handle{raw()}.forwards(); }
task of_an_unowned_local(object &given) {
  object *points = &given;
  return points->member();
}
task untouched() {
  struct utility {
    task go() {
      co_await event{};
      use(1);
    }
  };
  return utility{}.go();
}
struct client {
  std::shared_ptr<int> state;
  eager run() {
    auto own = state;
    co_await event{};
    use(*own);
  }
};
client connect();
void starts_one_that_copies_first() { connect().run(); }

// The statement, or the caller's, is long enough.
struct named {
  std::string name;
};
named make();
task awaited_at_once() { co_await reads(make().name); }
task extended_by_a_reference() {
  auto &&made = make();
  auto kept = reads(made.name);
  co_await kept;
}
task of_own_variable_in_the_frame() {
  std::string text = "local";
  auto kept = reads(text);
  co_await kept;
}
task of_a_reference_parameter(const std::string &text) { return reads(text); }
// The caller destroys such an argument, at the end of its own statement.
task of_an_argument(std::string text) { return reads(text); }
task awaits_the_argument() { co_await of_an_argument("temporary"); }
task of_a_static() {
  static const std::string text = "static";
  return reads(text);
}
task stored_closure() {
  auto closure = [text = std::string("captured")]() -> task {
    co_await event{};
    use(text);
  };
  co_await closure();
}
eager moves_what_it_is_given(std::string &&text) {
  std::string own(std::move(text));
  co_await event{};
  use(own);
}
void starts_one_that_moves() { moves_what_it_is_given("temporary"); }
void sync_wait(task all);
void waits_for_it() { sync_wait(reads(std::string("temporary"))); }
