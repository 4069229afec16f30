// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// shared_channel<T>: values from task to task, in order, whatever loops the tasks are on.
//
//   send(value) on one thread -> buffer of `capacity`, under a lock -> receive() on another -> the value
#pragma once

#include <coroscope/channel.h>
#include <coroscope/detail/channel_queue.h>
#include <coroscope/detail/remote_waiter.h>
#include <coroutine>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace coroscope {

/// A channel whose senders and receivers may be on different loops; all of its functions may be called from any
/// thread, and only the awaits need a loop. Each is served in the order in which it came. A value goes straight to a
/// receiver that waits; its loop is woken if it sleeps, by one system call however many values come at once. Outlives
/// those that wait on it. A loop in which a task waits on one is never stuck, unless its clock is virtual.
/// asyncio has none: `janus.Queue`.
template <class T> class shared_channel {
public:
  explicit shared_channel(std::size_t capacity) noexcept : queue_(capacity) {}
  shared_channel(const shared_channel &) = delete;
  shared_channel &operator=(const shared_channel &) = delete;

  class send_operation;
  class receive_operation;

  /// Awaited: hands `value` over, when there is room for it. Throws channel_closed; a value whose send is cancelled
  /// was not sent.
  [[nodiscard]] send_operation send(T value) { return send_operation(*this, std::move(value)); }
  /// Awaited: the next value; nothing once the channel is closed and empty. A receive that is cancelled takes none.
  [[nodiscard]] receive_operation receive() noexcept { return receive_operation(*this); }

  /// No more is sent: those that wait to send throw channel_closed, what is in the buffer can still be received.
  void close() {
    const std::lock_guard held(lock_);
    queue_.close();
  }
  bool is_closed() const {
    const std::lock_guard held(lock_);
    return queue_.is_closed();
  }
  /// Values in the buffer, a moment ago.
  std::size_t size() const {
    const std::lock_guard held(lock_);
    return queue_.size();
  }

private:
  using queue = detail::channel_queue<T, send_operation, receive_operation>;
  mutable std::mutex lock_;
  queue queue_;
};

template <class T> class shared_channel<T>::send_operation final : public detail::remote_waiter {
public:
  ~send_operation() { leave(); }
  bool await_ready() {
    if (cancelled_here())
      return false;
    const std::lock_guard held(to_->lock_);
    return over() && goes_on();
  }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    if (!begin(coroutine))
      return;
    const std::lock_guard held(to_->lock_);
    if (over())
      fulfil();
    else
      to_->queue_.wait(*this);
  }
  void await_resume() const {
    end();
    if (!sent_)
      throw channel_closed();
  }
  std::string describe() const override { return "room in a channel"; }

private:
  friend shared_channel;
  friend queue;
  send_operation(shared_channel &to, T value) : remote_waiter(to.lock_), to_(&to), value_(std::move(value)) {}
  bool over() {
    sent_ = to_->queue_.put(value_);
    return sent_ || to_->queue_.is_closed();
  }
  shared_channel *to_;
  T value_;
  bool sent_ = false;
};

template <class T> class shared_channel<T>::receive_operation final : public detail::remote_waiter {
public:
  ~receive_operation() { leave(); }
  bool await_ready() {
    if (cancelled_here())
      return false;
    const std::lock_guard held(from_->lock_);
    return over() && goes_on();
  }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    if (!begin(coroutine))
      return;
    const std::lock_guard held(from_->lock_);
    if (over())
      fulfil();
    else
      from_->queue_.wait(*this);
  }
  std::optional<T> await_resume() {
    end();
    return std::move(value_);
  }
  std::string describe() const override { return "a value from a channel"; }

private:
  friend shared_channel;
  friend queue;
  explicit receive_operation(shared_channel &from) noexcept : remote_waiter(from.lock_), from_(&from) {}
  bool over() {
    from_->queue_.take(value_);
    return value_ || from_->queue_.is_closed();
  }
  shared_channel *from_;
  std::optional<T> value_;
};

} // namespace coroscope
