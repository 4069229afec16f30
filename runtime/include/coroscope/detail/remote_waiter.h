// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A wait that another thread may end: the waiter travels to its own loop as mail.
//
//   begin -> queue, under a lock -> fulfil() on any thread -> mailbox of the waiter's loop -> deliver() -> goes on
#pragma once

#include <coroscope/detail/mailbox.h>
#include <coroscope/detail/waiter.h>
#include <coroscope/event_loop.h>
#include <coroutine>
#include <mutex>

namespace coroscope::detail {

/// In a queue only while its lock is held, and fulfilled with that held too: so it exists as long as anybody sees it.
class remote_waiter : public waiter, private mail {
public:
  /// Ends its wait. From any thread, with the lock held, after it was taken out of the queue.
  void fulfil() noexcept;

protected:
  /// `lock`: of the queue in which it will wait.
  explicit remote_waiter(std::mutex &lock) noexcept : lock_(&lock) {}
  ~remote_waiter() = default;

  /// As waiter::begin. Where it is true, the wait ends by fulfil() or cancelled.
  template <class Promise> bool begin(std::coroutine_handle<Promise> coroutine) {
    loop_ = &current_loop();
    if (!waiter::begin(coroutine))
      return false;
    loop_->hope_for_mail();
    return true;
  }

  /// First in the destructor of what derives from it: its coroutine may be destroyed while it waits, or while it is on
  /// its way.
  void leave() noexcept {
    if (waits() && !withdraw())
      loop_->deliver_mail();
  }

private:
  void deliver() noexcept override;
  bool withdraw() noexcept override;

  std::mutex *lock_;
  event_loop *loop_ = nullptr;
};

} // namespace coroscope::detail
