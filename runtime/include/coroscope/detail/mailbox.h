// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What other threads hand over to a loop.
//
//   other threads: put(mail) -- the first one wakes the loop --> chain of mail --> the loop's thread: deliver(), in
//   order
#pragma once

#include "coroscope/trace.h"

#include <atomic>
#include <cstdint>
#include <utility>

namespace coroscope::detail {

class mailbox;

class mail {
public:
  /// On the loop's thread. It may destroy the mail.
  virtual void deliver() noexcept = 0;
  /// In place of that, where the loop goes away.
  virtual void drop() noexcept {}

protected:
  mail() = default;
  ~mail() = default;

private:
  friend mailbox;
  mail *next_ = nullptr;
};

class mailbox {
public:
  mailbox() = default;
  mailbox(const mailbox &) = delete;
  mailbox &operator=(const mailbox &) = delete;
  ~mailbox() {
    each([](mail &letter) noexcept { letter.drop(); });
  }

  /// From any thread, and without a lock. True where the mailbox was empty, so that the loop is to be woken.
  bool put(mail &letter) noexcept {
    mail *last = last_.load(std::memory_order_relaxed);
    do
      letter.next_ = last;
    while (!last_.compare_exchange_weak(last, &letter, std::memory_order_release, std::memory_order_relaxed));
    return last == nullptr;
  }
  bool empty() const noexcept { return last_.load(std::memory_order_relaxed) == nullptr; }

  /// On the loop's thread: delivers what is there, in the order in which it was put.
  void deliver() noexcept {
    each([](mail &letter) noexcept {
      trace::record(trace::event_kind::delivered, nullptr, reinterpret_cast<std::uintptr_t>(&letter));
      letter.deliver();
    });
  }

private:
  template <class Action> void each(Action action) noexcept {
    mail *first = nullptr;
    for (mail *at = last_.exchange(nullptr, std::memory_order_acquire); at;)
      first = std::exchange(at, std::exchange(at->next_, first));
    while (first)
      action(*std::exchange(first, first->next_));
  }

  std::atomic<mail *> last_ = nullptr;
};

} // namespace coroscope::detail
