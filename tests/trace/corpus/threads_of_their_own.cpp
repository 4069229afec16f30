// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four threads, each with its own coroutines, and one coroutine that visits all of them in turn.
#include "corpus.h"

#include <pthread.h>

static thread_local int here = 0;

static generator<int> counting(int limit) {
  for (int i = 0; i < limit; ++i) {
    ++here;
    co_yield i;
  }
}

static void *count(void *sum) {
  for (generator<int> all = counting(5000); all.next();)
    *static_cast<long *>(sum) += all.value();
  CHECK(here == 5000);
  return nullptr;
}

/// The address of a thread_local is looked up anew after each suspension.
static generator<int> visitor() {
  for (;;) {
    here += 1;
    co_yield here;
  }
}

static void *visit(void *given) {
  auto *all = static_cast<generator<int> *>(given);
  all->next();
  CHECK(all->value() == 1);
  all->next();
  CHECK(all->value() == 2);
  return nullptr;
}

int main() {
  long sums[4] = {};
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], nullptr, count, &sums[i]);
  for (int i = 0; i < 4; ++i) {
    pthread_join(threads[i], nullptr);
    CHECK(sums[i] == 12'497'500);
  }
  generator<int> all = visitor();
  for (pthread_t &thread : threads) {
    pthread_create(&thread, nullptr, visit, &all);
    pthread_join(thread, nullptr);
  }
  return result();
}
