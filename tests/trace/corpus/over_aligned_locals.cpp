// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Locals and promises of large alignment. Plain operator new gives 16: what is wanted beyond is checked where the
// promise asks for aligned memory itself.
#include "corpus.h"

struct alignas(64) wide {
  unsigned char bytes[64];
};

struct aligned {
  struct promise_type {
    alignas(32) long value = 5;
    static void *operator new(std::size_t size) { return ::operator new(size, std::align_val_t(64)); }
    static void operator delete(void *memory, std::size_t size) {
      ::operator delete(memory, size, std::align_val_t(64));
    }
    aligned get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

static bool is_aligned(const volatile void *address, std::uintptr_t to) {
  return reinterpret_cast<std::uintptr_t>(address) % to == 0;
}

static aligned work(wide given) {
  wide local = given;
  volatile wide *there = &local;
  CHECK(is_aligned(there, 64));
  co_await std::suspend_always{};
  CHECK(is_aligned(there, 64));
  local.bytes[63] = 7;
  co_await std::suspend_always{};
  CHECK(there->bytes[63] == 7);
  CHECK(given.bytes[0] == 1);
}

int main() {
  aligned made = work(wide{{1}});
  CHECK(is_aligned(&made.handle.promise().value, 32));
  CHECK(std::coroutine_handle<aligned::promise_type>::from_promise(made.handle.promise()) == made.handle);
  while (!made.handle.done())
    made.handle.resume();
  made.handle.destroy();
  return result();
}
