// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steps of a few instructions, in which no time passes that could be told, and steps in which it might.
#include <atomic>
#include <coroutine>
#include <cstdio>

struct generator {
  struct promise_type {
    unsigned current = 0;
    generator get_return_object() { return generator{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(unsigned value) {
      current = value;
      return {};
    }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

unsigned divisor = 3;
std::atomic<unsigned> shared{5};

[[gnu::noinline]] static void work() { asm volatile("" ::: "memory"); }

static generator adds(unsigned value) {
  for (;;)
    co_yield value += 7;
}

static generator branches(unsigned value) {
  for (;;) {
    if ((value & 1) != 0)
      value = 3 * value + 1;
    else
      value /= 2;
    co_yield value;
  }
}

static generator calls(unsigned value) {
  for (;;) {
    work();
    co_yield value++;
  }
}

static generator calls_at_times(unsigned value) {
  for (;;) {
    if ((value & divisor) != 0)
      work();
    co_yield value++;
  }
}

static generator loops(unsigned value) {
  for (;;) {
    for (unsigned i = 0; i < value; ++i)
      asm volatile("");
    co_yield value++;
  }
}

static generator looks_at_others(unsigned value) {
  for (;;)
    co_yield value + shared.load(std::memory_order_relaxed);
}

static generator divides(unsigned value) {
  const unsigned by = divisor;
  for (;;)
    co_yield value++ / by;
}

int main(int count, char **) {
  const auto value = static_cast<unsigned>(count);
  for (generator one : {adds(value), branches(value), calls(value), calls_at_times(4 * value), loops(value),
                        looks_at_others(value), divides(9 * value)}) {
    for (int i = 0; i < 3; ++i) {
      one.handle.resume();
      std::printf("%u\n", one.handle.promise().current);
    }
    one.handle.destroy();
  }
}
