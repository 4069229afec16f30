// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An exception that unhandled_exception lets go: it leaves the coroutine for who resumed it, and what happens next is
// not the coroutine's doing.
#include <coroutine>
#include <cstdio>

struct generator {
  struct promise_type {
    int value = 0;
    generator get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int next) {
      value = next;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  std::coroutine_handle<promise_type> handle;
};

struct eager {
  struct promise_type {
    eager get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
};

generator throws(int last) {
  co_yield 1;
  if (last > 0)
    throw last;
  co_yield 2;
}

generator counts() { co_yield 1; }

eager throws_at_once(int what) {
  if (what > 0)
    throw what;
  co_return;
}

int main() {
  const generator failing = throws(7);
  try {
    failing.handle.resume();
    failing.handle.resume();
  } catch (int what) {
    std::printf("%d %d\n", what, failing.handle.done());
  }
  const generator other = counts();
  other.handle.resume();
  other.handle.destroy();
  failing.handle.destroy();
  try {
    throws_at_once(8);
  } catch (int what) {
    std::printf("%d\n", what);
  }
}
