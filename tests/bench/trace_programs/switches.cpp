// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two events a step and nothing else: what an event costs is what the program takes longer.
//
//   switches THREADS STEPS FRAMES [one_by_one]     each thread makes so many steps with so many generators, in turn;
//   all
//                                                  threads have had an event before, and run at once or one by one
#include <coroutine>
#include <cstdlib>
#include <memory>
#include <pthread.h>
#include <vector>

namespace {

struct generator {
  struct promise_type {
    unsigned current = 0;
    generator get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(unsigned value) noexcept {
      current = value;
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
  };
  std::coroutine_handle<promise_type> handle;
};

[[gnu::noinline]] generator count_from(unsigned first) {
  for (unsigned i = first;; ++i)
    co_yield i;
}

unsigned long steps = 0;
unsigned long frames = 0;
bool one_by_one = false;
pthread_barrier_t all_have_begun;
pthread_mutex_t baton = PTHREAD_MUTEX_INITIALIZER;

void *play(void *) {
  std::vector<generator> all;
  for (unsigned long i = 0; i < frames; ++i)
    all.push_back(count_from(static_cast<unsigned>(i)));
  pthread_barrier_wait(&all_have_begun);
  if (one_by_one)
    pthread_mutex_lock(&baton);
  unsigned long sum = 0;
  for (unsigned long i = 0, at = 0; i < steps; ++i, at = at + 1 == frames ? 0 : at + 1) {
    all[at].handle.resume();
    sum += all[at].handle.promise().current;
  }
  for (generator &one : all)
    one.handle.destroy();
  if (one_by_one)
    pthread_mutex_unlock(&baton);
  return sum == 0 ? &steps : nullptr;
}

} // namespace

int main(int count, char **words) {
  if (count < 4)
    return 2;
  std::vector<pthread_t> threads(std::strtoul(words[1], nullptr, 10));
  one_by_one = count > 4;
  pthread_barrier_init(&all_have_begun, nullptr, static_cast<unsigned>(threads.size()));
  steps = std::strtoul(words[2], nullptr, 10);
  frames = std::strtoul(words[3], nullptr, 10);
  for (pthread_t &thread : threads)
    if (pthread_create(&thread, nullptr, play, nullptr) != 0)
      return 1;
  for (pthread_t thread : threads)
    pthread_join(thread, nullptr);
}
