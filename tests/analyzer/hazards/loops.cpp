// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Correct code: these awaits stand in loops and run once.
#include "task.h"

struct items {
  int *begin();
  int *end();
};
future<items> get_items() {
  co_await event{};
  co_return items{};
}
future<int> get_number() {
  co_await event{};
  co_return 3;
}

task in_the_head_of_a_range_for() {
  for (int item : co_await get_items())
    use(item);
}

task in_the_start_of_a_for() {
  for (int n = co_await get_number(); n > 0; --n)
    use(n);
}

#define ONCE(statement)                                                                                                \
  do {                                                                                                                 \
    statement;                                                                                                         \
  } while (0)
task in_a_macro() { ONCE(co_await child(1)); }

task on_the_way_out() {
  for (int i = 0; i < 10; ++i) {
    if (condition()) {
      co_await child(i);
      co_return;
    }
    use(i);
  }
}

task before_a_break() {
  while (true) {
    co_await child(1);
    break;
  }
}

task both_ways_out(bool which) {
  for (;;) {
    if (which) {
      co_await child(1);
      break;
    } else {
      co_await child(2);
      throw 1;
    }
  }
}

task until_it_succeeds() {
  for (int attempt = 0; attempt < 3; ++attempt) {
    try {
      co_await child(attempt);
      co_return;
    } catch (...) {
    }
  }
}
