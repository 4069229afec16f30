// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coroutines that start before main, live in statics and thread_locals, and end after main.
#include "corpus.h"

#include <pthread.h>

static generator<int> squares() {
  logged local("squares");
  for (int i = 1;; ++i)
    co_yield i *i;
}

static generator<int> early = squares();
static const int first = (early.next(), early.value());

struct after_main {
  ~after_main() {
    generator<int> late = squares();
    late.next();
    std::printf("after main: %d\n", late.value());
  }
} static last;

static generator<int> &of_thread() {
  static thread_local generator<int> mine = squares();
  return mine;
}

static void *in_thread(void *) {
  of_thread().next();
  of_thread().next();
  CHECK(of_thread().value() == 4);
  return nullptr;
}

static generator<int> &of_function() {
  static generator<int> mine = squares();
  return mine;
}

int main() {
  CHECK(first == 1);
  early.next();
  CHECK(early.value() == 4);
  pthread_t thread;
  pthread_create(&thread, nullptr, in_thread, nullptr);
  pthread_join(thread, nullptr);
  of_thread().next();
  CHECK(of_thread().value() == 1);
  of_function().next();
  return result();
}
