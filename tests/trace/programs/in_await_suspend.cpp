// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an await_suspend does before it returns, the coroutine did that is suspended by it: it creates, resumes and
// destroys others, two in a row, one within another. What happens after it is of the one below.
#include <coroutine>
#include <cstdio>
#include <stdexcept>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

using handle = std::coroutine_handle<>;

struct resumes_two {
  handle first, second;
  bool await_ready() { return false; }
  void await_suspend(handle) {
    first.resume();
    second.resume();
  }
  void await_resume() {}
};

struct resumes_and_throws {
  handle other;
  bool await_ready() { return false; }
  void await_suspend(handle) {
    other.resume();
    throw std::runtime_error("no");
  }
  void await_resume() {}
};

task leaf() { co_await std::suspend_always(); }

struct creates_one {
  handle *made;
  bool await_ready() { return false; }
  bool await_suspend(handle) {
    *made = leaf().handle;
    return false;
  }
  void await_resume() {}
};

struct resumes_and_transfers {
  handle resumed, target;
  bool await_ready() { return false; }
  handle await_suspend(handle) {
    resumed.resume();
    return target;
  }
  void await_resume() {}
};

task within(handle one, handle other) { co_await resumes_two{one, other}; }

task outer(handle inner, handle third) {
  co_await resumes_two{inner, third};
  try {
    co_await resumes_and_throws{third};
  } catch (const std::exception &error) {
    std::puts(error.what());
  }
  handle made;
  co_await creates_one{&made};
  made.destroy();
}

task hands_over(handle one, handle other) { co_await resumes_and_transfers{one, other}; }

int main() {
  const task a = leaf(), b = leaf(), c = leaf();
  const task inner = within(a.handle, b.handle);
  const task root = outer(inner.handle, c.handle);
  root.handle.resume();
  a.handle.resume();
  root.handle.resume();
  const task last = hands_over(inner.handle, b.handle);
  last.handle.resume();
  for (const task &each : {a, b, c, inner, root, last})
    each.handle.destroy();
}
