// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each object has a line of its own, so that its line names it.
// clang-format off
#include "logged.h"

static coroutine arguments() {
  take(logged(),
       co_await wait(),
       make(),
       co_await wait(make()));
}

static coroutine by_value() {
  auto callee = [](logged, int, logged, int) {};
  callee(logged(),
         co_await wait(),
         logged(),
         co_await wait());
}

static coroutine nested_awaits() {
  co_await wait(
      co_await wait(
          logged()));
}

static coroutine extended() {
  const logged &kept = make();
  co_await wait();
  struct holder {
    const logged &held;
    int number;
  };
  holder aggregate{make(),
                   co_await wait()};
  co_await wait();
  struct two {
    logged one, other;
    ~two() { log_whole("two", one, other); }
  };
  const logged &part = two{}.one;
  co_await wait();
}

static coroutine operators() {
  co_await indirect();
  wait named;
  co_await indirect();
}

static coroutine objects() {
  logged result = co_await wait_for_object();
  take(co_await wait_for_object(),
       co_await wait());
  const logged &bound = co_await wait_for_object();
  co_await wait();
}

/// Destroyed by the function that it is passed to.
struct [[clang::trivial_abi]] handed_over {
  std::source_location where;
  handed_over(std::source_location made = std::source_location::current()) : where(made) {}
  handed_over(const handed_over &) = default;
  ~handed_over() { std::printf("handed_over %u\n", where.line()); }
};
static int swallow(handed_over, int = 0) { return 1; }

static coroutine arguments_of_the_callee() {
  co_await wait();
  take(swallow(handed_over()),
       co_await wait());
  swallow(handed_over(),
          co_await wait());
}

static coroutine yields() {
  co_yield logged();
  co_yield {};
  logged last;
  co_yield last;
}

static coroutine default_arguments() {
  auto callee = [](int, const logged & = logged()) { return 1; };
  take(callee(1),
       co_await wait());
}

static coroutine ranges() {
  struct range {
    logged marker;
    ~range() { log_whole("range", marker); }
    int values[2] = {1, 2};
    int *begin() { return values; }
    int *end() { return values + 2; }
  };
  for (int value : range{}) {
    co_await wait();
    (void)value;
  }
}

static coroutine assignments() {
  logged target;
  target = (co_await wait(),
            logged());
  int number = 0;
  (make(), number) +=
      co_await wait();
  (make(), target) =
      (co_await wait(),
       make(),
       logged());
}

int main() {
  SUBJECT(arguments);
  SUBJECT(by_value);
  SUBJECT(nested_awaits);
  SUBJECT(extended);
  SUBJECT(operators);
  SUBJECT(objects);
  SUBJECT(arguments_of_the_callee);
  SUBJECT(yields);
  SUBJECT(default_arguments);
  SUBJECT(ranges);
  SUBJECT(assignments);
}
