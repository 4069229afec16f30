// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// condition_variable: waiting for a change of what a mutex protects.
//
//   wait(guard) -> the mutex is unlocked -> waits, in order -> notify -> the mutex is locked again -> goes on
#pragma once

#include <coroscope/detail/waiter.h>
#include <coroscope/mutex.h>
#include <coroscope/task.h>
#include <coroutine>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace coroscope {

/// Used on one loop's thread; outlives those that wait on it. asyncio: `Condition`.
class condition_variable {
public:
  condition_variable() = default;
  condition_variable(const condition_variable &) = delete;
  condition_variable &operator=(const condition_variable &) = delete;

  /// Unlocks the mutex that `held` locks, waits for a notification, and locks it again, also where the wait is
  /// cancelled. There is no spurious end of the wait, but what was true when it was notified need not be true any more.
  /// `held` lives until then. Throws std::logic_error where it holds no lock.
  task<> wait(mutex::guard &held) {
    mutex *const locked = held.mutex_;
    if (!locked)
      throw std::logic_error("coroscope: condition_variable::wait without holding the lock");
    std::exception_ptr cancelled;
    try {
      held.unlock();
      co_await wait_operation(*this);
    } catch (...) {
      cancelled = std::current_exception();
    }
    held = co_await mutex::lock_operation(*locked, true);
    if (cancelled)
      std::rethrow_exception(cancelled);
  }

  /// Waits until `condition()` is true, which it may be at once.
  template <class Condition> task<> wait(mutex::guard &held, Condition condition) {
    while (!condition())
      co_await wait(held);
  }

  /// Ends the wait of the one that has waited longest, if any.
  void notify_one() noexcept {
    if (!waiting_.empty())
      waiting_.pop_front().fulfil();
  }
  void notify_all() noexcept {
    while (!waiting_.empty())
      waiting_.pop_front().fulfil();
  }

private:
  class wait_operation final : public detail::waiter {
  public:
    explicit wait_operation(condition_variable &on) noexcept : on_(&on) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      if (begin(coroutine))
        on_->waiting_.push_back(*this);
    }
    void await_resume() const { end(); }
    std::string describe() const override { return "a condition variable"; }

  private:
    condition_variable *on_;
  };

  detail::waiter_list waiting_;
};

} // namespace coroscope
