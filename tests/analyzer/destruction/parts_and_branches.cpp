// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each object has a line of its own, so that its line names it.
// clang-format off
#include "logged.h"

#include <initializer_list>

static bool yes() { return true; }
static bool no() { return false; }

static coroutine ternaries() {
  take(yes() ? logged() : make(),
       co_await wait());
  take(no() ? co_await wait()
            : take(make(),
                   co_await wait()),
       co_await wait());
}

static coroutine logic() {
  take(yes() && take(logged()),
       co_await wait());
  take(no() && take(logged()),
       co_await wait());
  if (take(make()) &&
      co_await wait())
    co_await wait();
}

static coroutine aggregates() {
  struct three {
    logged first;
    int number;
    logged last;
    ~three() { log_whole("three", first, last); }
  };
  three all{logged(),
            co_await wait(),
            logged()};
  co_await wait();
  take(three{make(), 1, make()},
       three{make(),
             co_await wait(),
             make()},
       co_await wait());
}

static coroutine arrays() {
  logged all[3] = {logged(), logged(co_await wait()), logged()};
  co_await wait();
}

static coroutine lists() {
  auto callee = [](std::initializer_list<logged>, int) {};
  callee({logged(), logged(co_await wait()), logged()},
         co_await wait());
}

static coroutine captures() {
  auto closure = [kept = logged(),
                  number = co_await wait(),
                  other = logged()] { return number; };
}

static coroutine bases() {
  struct base {
    logged part;
    ~base() {
      if (!part.is_silent)
        log_whole("base", part);
    }
  };
  struct derived : base {
    int number;
    ~derived() { log_whole("derived", part); }
  };
  derived all{{logged()},
              co_await wait()};
  co_await wait();
}

static coroutine heap() {
  logged *made = new logged(co_await wait());
  delete made;
  co_await wait();
}

static coroutine statement_expressions() {
  int number = ({
    logged inside;
    co_await wait();
  });
  (void)number;
  co_await wait();
}

int main() {
  SUBJECT(ternaries);
  SUBJECT(logic);
  SUBJECT(aggregates);
  SUBJECT(arrays);
  SUBJECT(lists);
  SUBJECT(captures);
  SUBJECT(bases);
  SUBJECT(heap);
  SUBJECT(statement_expressions);
}
