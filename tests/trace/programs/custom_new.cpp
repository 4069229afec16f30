// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Frames from the promise's own operator new, one of which finds no memory.
#include <coroutine>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

static bool out_of_memory = false;

struct job {
  struct promise_type {
    static void *operator new(std::size_t size, int) noexcept {
      std::puts(out_of_memory ? "no memory" : "allocate");
      return out_of_memory ? nullptr : std::malloc(size);
    }
    static void operator delete(void *memory) {
      std::puts("release");
      std::free(memory);
    }
    static job get_return_object_on_allocation_failure() { return {nullptr}; }
    job get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

static job work(int n) {
  std::printf("work %d\n", n);
  co_return;
}

int main() {
  job first = work(1);
  out_of_memory = true;
  job second = work(2);
  std::printf("%d %d\n", first.handle ? 1 : 0, second.handle ? 1 : 0);
  first.handle.resume();
  first.handle.destroy();
  return second.handle ? 1 : 0;
}
