// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "count.h"

static volatile int number = 3;
static volatile int sink;

static task plain(int value) { co_return value + number; }
static elidable_task elidable(int value) { co_return value + number; }
static complete_task complete(int value) { co_return value + number; }
[[gnu::noinline]] static elidable_task not_inlined(int value) { co_return value + number; }

static task awaits_plain() { co_return co_await plain(1); }
static elidable_task awaits_elidable() { co_return co_await elidable(1); }
static complete_task awaits_complete() { co_return co_await complete(1); }
static elidable_task awaits_one_that_is_noinline() { co_return co_await not_inlined(1); }
static task of_another_class() { co_return co_await elidable(1); }
static elidable_task awaits_it_later() {
  auto made = elidable(1);
  co_return co_await made;
}
static elidable_task awaits_it_seldom() {
  if (number == 3) [[unlikely]]
    co_return co_await elidable(1);
  co_return 0;
}
static elidable_task awaits_in_a_loop() {
  int sum = 0;
  for (int i = 0; i < 4; ++i)
    sum += co_await elidable(i);
  co_return sum;
}
static elidable_task awaits_it_twice() {
  const int first = co_await elidable(1);
  co_return first + co_await elidable(2);
}

static bool is_inner = false;
static elidable_task recurses() {
  if (std::exchange(is_inner, true))
    co_return 0;
  co_return co_await recurses();
}

/// A call that nothing elides: the one allocation beside those of the function.
template <class Task, Task (*Function)()> static void runs() {
  Task (*volatile function)() = Function;
  sink = run(function());
}

#define MEASURE(FUNCTION, CALLS) measure(#FUNCTION, CALLS, 1, runs<decltype(FUNCTION()), FUNCTION>)

int main() {
  MEASURE(awaits_plain, 1);
  MEASURE(awaits_elidable, 1);
  MEASURE(awaits_complete, 1);
  MEASURE(awaits_one_that_is_noinline, 1);
  MEASURE(of_another_class, 1);
  MEASURE(awaits_it_later, 1);
  MEASURE(awaits_it_seldom, 1);
  MEASURE(awaits_in_a_loop, 4);
  MEASURE(awaits_it_twice, 1);
  MEASURE(recurses, 1);
}
