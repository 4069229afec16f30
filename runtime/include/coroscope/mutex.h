// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// mutex: one task at a time.
//
//   lock -> waits, in order -> a guard -> ~guard: the next one has the lock, before anyone who comes later
#pragma once

#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <stdexcept>
#include <string>
#include <utility>

namespace coroscope {

/// A lock that is held across awaits. Fair: it goes to those that wait in the order in which they came. Used on one
/// loop's thread; outlives its guards and those that wait for it. asyncio: `Lock`.
class mutex {
public:
  mutex() = default;
  mutex(const mutex &) = delete;
  mutex &operator=(const mutex &) = delete;

  /// Holds the lock until it is destroyed, unlocked or given another.
  class [[nodiscard]] guard {
  public:
    guard(guard &&other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    guard &operator=(guard &&other) noexcept {
      guard taken(std::move(other));
      std::swap(mutex_, taken.mutex_);
      return *this;
    }
    ~guard() { unlock(); }
    bool owns_lock() const noexcept { return mutex_ != nullptr; }
    void unlock() noexcept {
      if (mutex *const held = std::exchange(mutex_, nullptr))
        held->pass_on();
    }

  private:
    friend mutex;
    friend class condition_variable;
    explicit guard(mutex &held) noexcept : mutex_(&held) {}
    mutex *mutex_;
  };

  class lock_operation final : public detail::waiter {
  public:
    ~lock_operation() {
      if (granted_)
        mutex_->pass_on(); // its coroutine was destroyed before it went on
    }
    bool await_ready() noexcept {
      return (to_end_ || !cancelled_here()) && mutex_->take(granted_) && (to_end_ || goes_on());
    }
    template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
      if (to_end_)
        begin_to_end(coroutine);
      else if (!begin(coroutine))
        return;
      mutex_->waiting_.push_back(*this);
    }
    guard await_resume() {
      end();
      granted_ = false;
      return guard(*mutex_);
    }
    std::string describe() const override { return "a mutex"; }

  private:
    friend mutex;
    friend class condition_variable;
    /// `to_end`: cannot be cancelled.
    lock_operation(mutex &wanted, bool to_end) noexcept : mutex_(&wanted), to_end_(to_end) {}
    bool withdraw() noexcept override { return !to_end_ && waiter::withdraw(); }
    mutex *mutex_;
    bool to_end_;
    bool granted_ = false;
  };

  /// Awaited: waits for the lock, and gives its guard.
  [[nodiscard]] lock_operation lock() noexcept { return lock_operation(*this, false); }

  bool is_locked() const noexcept { return locked_; }

private:
  bool take(bool &granted) noexcept {
    if (locked_)
      return false;
    locked_ = granted = true;
    return true;
  }
  void pass_on() noexcept {
    if (waiting_.empty()) {
      locked_ = false;
      return;
    }
    auto &next = static_cast<lock_operation &>(waiting_.pop_front());
    next.granted_ = true;
    next.fulfil();
  }

  detail::waiter_list waiting_;
  bool locked_ = false;
};

} // namespace coroscope
