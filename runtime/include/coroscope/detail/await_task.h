// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a task is awaited.
//
//   co_await task -> transfer_to_task -> the task; whoever awaits it goes on when it ends
//
// Where a transfer is no tail call at every level (g++), coroutines of ours call it in place of that:
//
//   co_await task -> task_call -- ends ---> the caller goes on; it was never suspended
//                             \-- waits --> the caller is suspended too, until the task ends
//                              \- no loop, or little stack left: transfer_to_task
//
// So a loop that awaits what need not wait takes no stack there, and does not go through its own resume function.
#pragma once

#include <coroscope/detail/continuation.h>
#include <coroscope/detail/transfer.h>
#include <coroscope/trace.h>
#include <coroutine>
#include <cstdint>

namespace coroscope::detail {

inline void note_await(const void *awaiting, const void *task) noexcept {
  trace::record(trace::event_kind::awaits, awaiting, reinterpret_cast<std::uintptr_t>(task));
}

/// What await_suspend returns to start `task` and to go on when it ends. `Promise` is a task's.
template <class Promise, class Awaiting>
std::coroutine_handle<> transfer_to_task(std::coroutine_handle<Promise> task,
                                         std::coroutine_handle<Awaiting> awaiting) noexcept {
  task.promise().continue_with(continuation::to(awaiting));
  note_await(awaiting.address(), task.address());
  return transfer_from(awaiting, task);
}

/// Awaited in place of the task by the coroutine whose promise `caller` is.
template <class Promise> class task_call : public own_awaiter {
public:
  task_call(std::coroutine_handle<Promise> task, promise_base &caller) noexcept : task_(task) {
    task_.promise().continue_with(continuation::back_to(caller));
  }

  bool await_ready() const noexcept {
    const std::coroutine_handle<Promise> called = task_;
    if (!has_stack()) [[unlikely]] {
      called.promise().continue_with({});
      return false;
    }
    if (trace::recording()) [[unlikely]]
      note_await(called.promise().then().frame(), called.address());
    called.resume();
    return called.done();
  }
  template <class Awaiting>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Awaiting> awaiting) const noexcept {
    if (!task_.promise().awaited()) [[unlikely]]
      return transfer_to_task(task_, awaiting);
    task_.promise().continue_with(continuation::to(awaiting));
    return transfer_after(awaiting);
  }
  decltype(auto) await_resume() const { return task_.promise().result(); }

private:
  std::coroutine_handle<Promise> task_;
};

} // namespace coroscope::detail
