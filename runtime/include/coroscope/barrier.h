// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// barrier: tasks that wait for each other.
//
//   arrive_and_wait -> waits -> the last one arrives -> all go on, and the barrier is as new
#pragma once

#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <cstddef>
#include <string>

namespace coroscope {

/// A point that so many tasks reach together. One that is cancelled while it waits has not arrived. Used on one loop's
/// thread; outlives those that wait at it. asyncio: `Barrier`.
class barrier {
public:
  /// `tasks` is at least 1.
  explicit barrier(std::size_t tasks) noexcept : tasks_(tasks) {}
  barrier(const barrier &) = delete;
  barrier &operator=(const barrier &) = delete;

  class arrive_operation final : public detail::waiter {
  public:
    bool await_ready() noexcept { return !cancelled_here() && at_->is_last() && goes_on(); }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      if (!begin(coroutine))
        return;
      ++at_->arrived_;
      counts_ = true;
      at_->waiting_.push_back(*this);
    }
    void await_resume() {
      counts_ = false;
      end();
    }
    ~arrive_operation() {
      if (counts_ && linked())
        --at_->arrived_; // its coroutine was destroyed while it waited
    }
    std::string describe() const override { return "a barrier"; }

  private:
    friend barrier;
    explicit arrive_operation(barrier &at) noexcept : at_(&at) {}
    bool withdraw() noexcept override {
      --at_->arrived_;
      counts_ = false;
      return waiter::withdraw();
    }
    barrier *at_;
    bool counts_ = false; ///< among those that have arrived
  };

  /// Awaited: waits until as many tasks as there are have arrived.
  [[nodiscard]] arrive_operation arrive_and_wait() noexcept { return arrive_operation(*this); }

  /// How many wait now.
  std::size_t arrived() const noexcept { return arrived_; }

private:
  bool is_last() noexcept {
    if (arrived_ + 1 < tasks_)
      return false;
    arrived_ = 0;
    while (!waiting_.empty()) {
      auto &next = static_cast<arrive_operation &>(waiting_.pop_front());
      next.counts_ = false;
      next.fulfil();
    }
    return true;
  }

  detail::waiter_list waiting_;
  std::size_t tasks_;
  std::size_t arrived_ = 0;
};

} // namespace coroscope
