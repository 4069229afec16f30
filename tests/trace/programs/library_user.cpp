// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads an instrumented library, runs its coroutine on a thread of its own as well, and unloads it.
#include <coroutine>
#include <cstdio>
#include <dlfcn.h>
#include <pthread.h>

struct fire {
  struct promise_type {
    fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {}
  };
};

static fire in_the_program() { co_await std::suspend_never{}; }

using entry = int(int);

static void *call(void *function) {
  std::printf("%d\n", reinterpret_cast<entry *>(function)(2));
  return nullptr;
}

int main(int, char **words) {
  in_the_program();
  void *const library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
  void *const function = library ? dlsym(library, "library_entry") : nullptr;
  if (!function)
    return 1;
  call(function);
  pthread_t thread;
  pthread_create(&thread, nullptr, call, function);
  pthread_join(thread, nullptr);
  dlclose(library);
  in_the_program();
  return 0;
}
