// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// operator new of the promise: with the coroutine's parameters, sized delete, and one that fails.
#include "corpus.h"

struct arena {
  alignas(16) unsigned char bytes[4096];
  std::size_t used = 0;
  int live = 0;
};

struct placed {
  struct promise_type {
    static void *operator new(std::size_t size, arena &from, int) {
      void *memory = from.bytes + from.used;
      from.used += (size + 31) / 16 * 16;
      *static_cast<arena **>(memory) = nullptr;
      ++from.live;
      last = &from;
      return memory;
    }
    static void operator delete(void *, std::size_t size) {
      CHECK(size > 0);
      --last->live;
    }
    placed get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
    static inline arena *last = nullptr;
  };
  std::coroutine_handle<promise_type> handle;
};

[[gnu::noinline]] static placed work(arena &, int number) {
  std::printf("number %d\n", number);
  co_await std::suspend_always{};
  std::printf("again %d\n", number);
}

struct maybe {
  struct promise_type {
    static void *operator new(std::size_t size) noexcept { return fails ? nullptr : std::malloc(size); }
    static void operator delete(void *memory) { std::free(memory); }
    static maybe get_return_object_on_allocation_failure() { return {nullptr}; }
    maybe get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
    static inline bool fails = false;
  };
  std::coroutine_handle<promise_type> handle;
};

[[gnu::noinline]] static maybe perhaps() {
  std::puts("perhaps");
  co_return;
}

int main() {
  arena memory;
  placed made = work(memory, 5);
  CHECK(memory.live == 1);
  std::printf("%zu bytes\n", memory.used);
  made.handle.resume();
  made.handle.resume();
  CHECK(made.handle.done());
  made.handle.destroy();
  CHECK(memory.live == 0);
  maybe::promise_type::fails = true;
  CHECK(!perhaps().handle);
  maybe::promise_type::fails = false;
  maybe there = perhaps();
  CHECK(there.handle);
  there.handle.destroy();
  return result();
}
