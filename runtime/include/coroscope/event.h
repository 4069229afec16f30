// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// event: a fact that tasks wait for.
//
//   wait -> waits, in order -> set() -> all of them go on, and whoever comes later does not wait
#pragma once

#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <string>

namespace coroscope {

/// Set or not. Used on one loop's thread; outlives those that wait on it. asyncio: `Event`.
class event {
public:
  event() = default;
  event(const event &) = delete;
  event &operator=(const event &) = delete;

  bool is_set() const noexcept { return set_; }
  void set() noexcept {
    set_ = true;
    while (!waiting_.empty())
      waiting_.pop_front().fulfil();
  }
  /// Those that were waiting when it was set go on all the same.
  void clear() noexcept { set_ = false; }

  class wait_operation final : public detail::waiter {
  public:
    bool await_ready() noexcept { return event_->set_ && !cancelled_here() && goes_on(); }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      if (begin(coroutine))
        event_->waiting_.push_back(*this);
    }
    void await_resume() const { end(); }
    std::string describe() const override { return "an event"; }

  private:
    friend event;
    explicit wait_operation(event &on) noexcept : event_(&on) {}
    event *event_;
  };

  /// Awaited: waits until it is set.
  [[nodiscard]] wait_operation wait() noexcept { return wait_operation(*this); }

private:
  detail::waiter_list waiting_;
  bool set_ = false;
};

} // namespace coroscope
