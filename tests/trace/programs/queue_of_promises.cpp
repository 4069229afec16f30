// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A ready queue whose links are in the promises, and a parent that keeps the handle of its child: promises that lead to
// frames which do not wait for theirs.
#include <coroutine>

struct task {
  struct promise_type {
    promise_type *next = nullptr;
    std::coroutine_handle<> child, continuation;

    struct continues {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
        const std::coroutine_handle<> next = ended.promise().continuation;
        return next ? next : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };

    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    continues final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };

  std::coroutine_handle<promise_type> handle;

  bool await_ready() { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> waiting) {
    handle.promise().continuation = waiting;
    waiting.promise().child = handle;
    return handle;
  }
  void await_resume() {}
};

task::promise_type *head = nullptr;
task::promise_type **tail = &head;

void enqueue(std::coroutine_handle<task::promise_type> ready) {
  ready.promise().next = nullptr;
  *tail = &ready.promise();
  tail = &ready.promise().next;
}

struct next_turn {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<task::promise_type> waiting) { enqueue(waiting); }
  void await_resume() {}
};

task worker(int turns) {
  for (int i = 0; i < turns; ++i)
    co_await next_turn();
}

task leaf() { co_await next_turn(); }

task parent() {
  task child = leaf();
  co_await child;
  co_await next_turn();
  child.handle.destroy();
}

int main() {
  const task tasks[] = {worker(2), worker(2), parent()};
  for (const task &each : tasks)
    enqueue(each.handle);
  while (head) {
    task::promise_type &first = *head;
    head = first.next;
    if (!head)
      tail = &head;
    std::coroutine_handle<task::promise_type>::from_promise(first).resume();
  }
  for (const task &each : tasks)
    each.handle.destroy();
}
