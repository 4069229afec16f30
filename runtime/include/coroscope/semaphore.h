// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// semaphore: so many tasks at a time.
//
//   acquire -> waits, in order -> a permit -> ~permit: the next one has it
#pragma once

#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <cstddef>
#include <string>
#include <utility>

namespace coroscope {

/// A number of permits. Fair: they go to those that wait in the order in which they came. Used on one loop's thread;
/// outlives its permits and those that wait for them. asyncio: `Semaphore`.
class semaphore {
public:
  explicit semaphore(std::size_t permits) noexcept : free_(permits) {}
  semaphore(const semaphore &) = delete;
  semaphore &operator=(const semaphore &) = delete;

  /// Given back when it is destroyed or another takes its place.
  class [[nodiscard]] permit {
  public:
    permit(permit &&other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    permit &operator=(permit &&other) noexcept {
      permit taken(std::move(other));
      std::swap(of_, taken.of_);
      return *this;
    }
    ~permit() { release(); }
    void release() noexcept {
      if (semaphore *const of = std::exchange(of_, nullptr))
        of->release();
    }

  private:
    friend semaphore;
    explicit permit(semaphore &of) noexcept : of_(&of) {}
    semaphore *of_;
  };

  class acquire_operation final : public detail::waiter {
  public:
    ~acquire_operation() {
      if (granted_)
        of_->release(); // its coroutine was destroyed before it went on
    }
    bool await_ready() noexcept { return !cancelled_here() && of_->take(granted_) && goes_on(); }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      if (begin(coroutine))
        of_->waiting_.push_back(*this);
    }
    permit await_resume() {
      end();
      granted_ = false;
      return permit(*of_);
    }
    std::string describe() const override { return "a semaphore"; }

  private:
    friend semaphore;
    explicit acquire_operation(semaphore &of) noexcept : of_(&of) {}
    semaphore *of_;
    bool granted_ = false;
  };

  /// Awaited: waits for a permit, and gives it.
  [[nodiscard]] acquire_operation acquire() noexcept { return acquire_operation(*this); }
  /// One permit more, to whoever waits for it. What a permit does when it is destroyed.
  void release() noexcept {
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    auto &next = static_cast<acquire_operation &>(waiting_.pop_front());
    next.granted_ = true;
    next.fulfil();
  }
  std::size_t available() const noexcept { return free_; }

private:
  bool take(bool &granted) noexcept {
    if (free_ == 0)
      return false;
    --free_;
    return granted = true;
  }

  detail::waiter_list waiting_;
  std::size_t free_;
};

} // namespace coroscope
