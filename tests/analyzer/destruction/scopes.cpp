// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each object has a line of its own, so that its line names it.
// clang-format off
#include "logged.h"

static coroutine parameters(first_parameter, second_parameter second, const first_parameter &, int) {
  (void)second;
  co_await wait();
}

static coroutine nested_scopes() {
  logged outer;
  {
    logged inner;
    co_await wait();
    logged later;
    co_await wait();
  }
  logged after;
  co_await wait();
}

static coroutine loops() {
  for (logged counter; int i : {1, 2}) {
    logged each;
    co_await wait();
    (void)i;
  }
  for (int i = 0; logged condition = i < 2 ? logged() : logged(); ++i) {
    co_await wait();
    if (i == 1)
      break;
  }
  while (co_await wait() > 1)
    co_await wait();
}

static coroutine conditions() {
  if (logged found{};
      logged other{})
    co_await wait();
  switch (logged chosen{};
          co_await wait()) {
  case 1: {
    logged local;
    co_await wait();
  }
  default:
    co_await wait();
  }
}

static coroutine attempts() {
  logged outer;
  try {
    logged inside;
    co_await wait();
    throw 1;
  } catch (int) {
  }
  co_await wait();
}

static coroutine arrays_and_bindings() {
  logged several[2];
  struct pair {
    logged first, second;
    ~pair() { log_whole("pair", first, second); }
  };
  auto [first, second] = pair{};
  co_await wait();
}

static coroutine jumps(int times = 2) {
again:
  logged here;
  co_await wait();
  if (--times)
    goto again;
  co_return;
}

static coroutine not_automatic() {
  static logged *never = new logged;
  static int kept = 1;
  co_await wait();
  co_return static_cast<void>(co_await wait());
}

static void release(const unsigned *line) { std::printf("release %u\n", *line); }

static coroutine cleanup_functions() {
  logged outer;
  [[gnu::cleanup(release)]] unsigned line = __LINE__;
  co_await wait();
}

static coroutine static_initialiser() {
  logged outer;
  static int kept = co_await wait(
      make());
  co_await wait();
}

static converted returned_object(first_parameter) {
  logged local;
  co_await wait();
}

int main() {
  SUBJECT(parameters, {}, {}, {}, 1);
  SUBJECT(nested_scopes);
  SUBJECT(loops);
  SUBJECT(conditions);
  SUBJECT(attempts);
  SUBJECT(arrays_and_bindings);
  SUBJECT(jumps);
  SUBJECT(not_automatic);
  SUBJECT(cleanup_functions);
  // Once, since what was destroyed leaves the guard of the static locked.
  destroy_after(1, "static_initialiser", static_initialiser);
  SUBJECT(returned_object, {});
}
