// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every form that a promise's unhandled_exception may have: what is told of the exception is the same.
#include <coroutine>

template <class Promise> struct task_of {
  struct promise_type : Promise {
    task_of get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
  };
  std::coroutine_handle<promise_type> handle;
};

int told = 0;

struct with_static {
  static void unhandled_exception() noexcept { ++told; }
};
struct with_template {
  template <class T = int> void unhandled_exception() noexcept { ++told; }
};
struct with_default {
  void unhandled_exception(int by = 1) noexcept { told += by; }
};
struct with_tag {
  [[gnu::abi_tag("tagged")]] void unhandled_exception() noexcept { ++told; }
};
struct with_object {
  struct function {
    void operator()() const noexcept { ++told; }
  } unhandled_exception;
};
struct with_virtual {
  virtual ~with_virtual() = default;
  virtual void unhandled_exception() noexcept { ++told; }
};
struct second_base : with_tag {
  int before = 0;
};
struct with_second_base : with_object, second_base {
  using second_base::unhandled_exception;
};
struct with_virtual_base : virtual with_default {};

template <class Promise> task_of<Promise> throws() {
  throw 1;
  co_return;
}

template <class... Promises> void run() { (throws<Promises>().handle.destroy(), ...); }

int main() {
  run<with_static, with_template, with_default, with_tag, with_object, with_virtual, with_second_base,
      with_virtual_base>();
  return told == 8 ? 0 : 1;
}
