#include "../support.h"

struct numbers {
  int values[2];
  int *begin() { return values; }
  int *end() { return values + 2; }
};

struct later_numbers {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  numbers await_resume();
};

fire each() {
  for (int n : co_await later_numbers{})
    use(n + co_await later{});
}
