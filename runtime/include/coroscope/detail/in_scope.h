// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a task is run inside a scope of its own, in the middle of the task that awaits it.
//
//   scope of the caller -> in_scope -> scope of the work -> the work has ended -> scope of the caller
#pragma once

#include <coroscope/detail/await_task.h>
#include <coroscope/detail/cancel_scope.h>
#include <coroscope/task.h>
#include <coroutine>
#include <exception>

namespace coroscope::detail {

/// Awaited: runs `work` until it has ended in whatever way, and leaves the outcome in it. `scope` is below the one that
/// awaits. Throws std::logic_error where the task was moved from, or awaited before.
template <class T> class in_scope : public own_awaiter {
public:
  in_scope(cancel_scope &scope, const task<T> &work) : scope_(&scope), work_(work.coroutine()) {
    if (!work_ || work_.promise().awaited()) [[unlikely]]
      throw_cannot_be_awaited(static_cast<bool>(work_));
  }
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiting) const noexcept {
    this_thread.scope = scope_;
    return transfer_to_task(work_, awaiting);
  }
  void await_resume() const noexcept { this_thread.scope = scope_->parent(); }

private:
  cancel_scope *scope_;
  std::coroutine_handle<typename task<T>::promise_type> work_;
};

/// The value of a task that has ended; throws its exception.
template <class T> T take(const task<T> &work) { return work.coroutine().promise().take(); }

/// What a task that has ended failed with, or null.
template <class T> std::exception_ptr error_of(const task<T> &work) noexcept {
  return work.coroutine().promise().error();
}

} // namespace coroscope::detail
