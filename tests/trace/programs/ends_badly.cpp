// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ends in the way that its argument names, in the middle of a coroutine.
#include <coroutine>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};

static task ends(std::string_view how) {
  std::string text(how.size() * 5, 'a');
  co_await std::suspend_always{};
  if (how == "abort")
    std::abort();
  if (how == "kill")
    raise(SIGKILL);
  if (how == "interrupt")
    raise(SIGINT);
  if (how == "_exit")
    _exit(5);
  if (how == "exit")
    std::exit(6);
  if (how == "fork" && fork() == 0) {
    text.front() = 'c';
    co_await std::suspend_always{};
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
}

int main(int argc, char **argv) {
  task t = ends(argc > 1 ? argv[1] : "");
  t.handle.resume();
  t.handle.resume();
  if (!t.handle.done())
    t.handle.resume(); // in the child of "fork"
  while (wait(nullptr) > 0)
    ; // its recording is whole when the parent's is
  return 0;
}
