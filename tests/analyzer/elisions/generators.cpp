// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "count.h"

static volatile int limit = 3;
static volatile int sink;

static generator count_to(int end) {
  for (int i = 0; i < end; ++i)
    co_yield i;
}

[[gnu::noinline]] static generator never_inlined(int end) {
  for (int i = 0; i < end; ++i)
    co_yield i;
}

[[clang::optnone]] static generator never_optimised(int end) {
  for (int i = 0; i < end; ++i)
    co_yield i;
}

static generator recursive(int depth) {
  co_yield depth;
  if (depth > 0)
    for (auto inner = recursive(depth - 1); inner.next();)
      co_yield inner.value();
}

static std::coroutine_handle<generator::promise_type> kept;
[[gnu::noinline]] static void look_at(generator &given) { sink = given.next(); }
[[gnu::noinline]] static void take(generator given) { sink = given.next(); }

[[gnu::noinline]] static void in_a_loop() {
  for (auto numbers = count_to(limit); numbers.next();)
    sink = numbers.value();
}
[[gnu::noinline]] static void made_in_a_loop() {
  for (int i = 0; i < 5; ++i) {
    auto numbers = count_to(limit);
    sink = numbers.next();
  }
}
[[gnu::noinline]] static void of_a_noinline_ramp() {
  for (auto numbers = never_inlined(limit); numbers.next();)
    sink = numbers.value();
}
[[gnu::noinline]] static void of_an_optnone_ramp() {
  for (auto numbers = never_optimised(limit); numbers.next();)
    sink = numbers.value();
}
[[gnu::noinline]] static void stored() {
  auto numbers = count_to(limit);
  kept = std::exchange(numbers.coroutine, {});
}
[[gnu::noinline]] static void passed_by_reference() {
  auto numbers = count_to(limit);
  look_at(numbers);
}
[[gnu::noinline]] static void passed_by_value() { take(count_to(limit)); }
[[gnu::noinline]] static void destroyed_under_a_condition() {
  auto numbers = count_to(limit);
  const auto handle = std::exchange(numbers.coroutine, {});
  if (limit > 1)
    handle.destroy();
}
[[gnu::noinline]] static generator handed_on() { return count_to(limit); }
[[gnu::noinline]] static void called_by_another() { sink = handed_on().next(); }
[[gnu::noinline]] static void through_recursion() {
  for (auto numbers = recursive(0); numbers.next();)
    sink = numbers.value();
}
[[gnu::noinline]] static void through_a_pointer() {
  generator (*volatile function)(int) = count_to;
  auto numbers = function(limit);
  sink = numbers.next();
}
[[gnu::noinline]] static void unused() { (void)count_to(limit); }
[[gnu::noinline]] static void of_a_lambda() {
  auto body = [](int end) -> generator {
    for (int i = 0; i < end; ++i)
      co_yield i;
  };
  for (auto numbers = body(limit); numbers.next();)
    sink = numbers.value();
}
template <class T> [[gnu::noinline]] static void in_a_template() {
  for (auto numbers = count_to(static_cast<T>(limit)); numbers.next();)
    sink = numbers.value();
}

int main() {
  measure("in_a_loop", 1, 0, in_a_loop);
  measure("made_in_a_loop", 5, 0, made_in_a_loop);
  measure("of_a_noinline_ramp", 1, 0, of_a_noinline_ramp);
  measure("of_an_optnone_ramp", 1, 0, of_an_optnone_ramp);
  measure("stored", 1, 0, stored);
  kept.destroy();
  measure("passed_by_reference", 1, 0, passed_by_reference);
  measure("passed_by_value", 1, 0, passed_by_value);
  measure("destroyed_under_a_condition", 1, 0, destroyed_under_a_condition);
  measure("handed_on", 1, 0, called_by_another);
  measure("through_recursion", 1, 0, through_recursion);
  measure("through_a_pointer", 1, 0, through_a_pointer);
  measure("unused", 1, 0, unused);
  measure("of_a_lambda", 1, 0, of_a_lambda);
  measure("in_a_template", 1, 0, in_a_template<int>);
}
