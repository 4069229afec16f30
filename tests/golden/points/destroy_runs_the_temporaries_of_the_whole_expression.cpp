// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../support.h"

struct guard {
  ~guard();
};
struct guarded : later {
  guarded(guard);
  ~guarded();
};
guard make();
void take(const guard &, int, guard, int);

fire coroutine() {
  take(make(), co_await later{}, guard(), co_await guarded(make()));
  const guard &kept = make();
  co_await later{};
}
