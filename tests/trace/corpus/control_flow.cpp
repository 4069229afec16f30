// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Awaits in every kind of statement: loops, switch, goto, conditions, ternaries, range-for, initialisers, short
// circuits.
#include "corpus.h"

static int suspended = 0;
static std::coroutine_handle<> parked;

struct number {
  int value;
  bool await_ready() const noexcept { return value % 4 == 0; }
  bool await_suspend(std::coroutine_handle<> handle) const noexcept {
    if (++suspended % 2 == 0)
      return false;
    parked = handle;
    return true;
  }
  int await_resume() const noexcept { return value; }
};

static fire work(int from, int *out) {
  int sum = 0;
  for (int i = co_await number{0}; i < co_await number{3}; i += co_await number{1})
    sum += i;
  while (co_await number{from--} > 3)
    sum += 100;
  do
    sum += co_await number{1};
  while (sum % 5 != 0);
  switch (co_await number{sum % 3}) {
  case 0:
    sum += co_await number{7};
    [[fallthrough]];
  case 1:
    sum += 1000;
    break;
  default:
    sum += co_await number{9};
  }
  const int chosen = sum > 10 ? co_await number{5} : co_await number{6};
  if (co_await number{1} && co_await number{2} && !co_await number{0})
    sum += chosen;
  if (co_await number{4} || co_await number{5})
    sum += 1;
  int round = 0;
again:
  if (++round < 3) {
    sum += co_await number{round};
    goto again;
  }
  int values[] = {co_await number{1}, co_await number{2}, co_await number{3}};
  for (int value : values)
    sum += value * co_await number{2};
  auto [one, other] = std::pair(co_await number{10}, co_await number{20});
  sum += one * other;
  if (int inner = co_await number{8}; inner > 7) {
    struct local {
      int value;
    } made{.value = co_await number{inner}};
    sum += made.value;
  }
  *out = sum;
}

int main() {
  for (int from = 0; from < 6; ++from) {
    int sum = -1;
    work(from, &sum);
    while (parked)
      std::exchange(parked, nullptr).resume();
    std::printf("from %d: %d after %d suspensions\n", from, sum, suspended);
    CHECK(sum > 0);
  }
  return result();
}
