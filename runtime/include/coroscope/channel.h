// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// channel<T>: values from task to task, in order.
//
//   send(value) -> waits while it is full -> buffer of `capacity` -> receive() -> the value; nothing once it is closed
#pragma once

#include <coroscope/detail/channel_queue.h>
#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace coroscope {

/// A value was sent into a channel that is closed. asyncio: `QueueShutDown`.
class channel_closed : public std::runtime_error {
public:
  channel_closed() : std::runtime_error("coroscope: the channel is closed") {}
};

/// Any number of senders and receivers, each served in the order in which they came. With capacity 0 a sender waits
/// until a receiver has taken its value. Used on one loop's thread; outlives those that wait on it. asyncio: `Queue`.
template <class T> class channel {
public:
  explicit channel(std::size_t capacity) noexcept : queue_(capacity) {}
  channel(const channel &) = delete;
  channel &operator=(const channel &) = delete;

  class send_operation;
  class receive_operation;

  /// Awaited: hands `value` over, when there is room for it. Throws channel_closed; a value whose send is cancelled
  /// was not sent.
  [[nodiscard]] send_operation send(T value) { return send_operation(*this, std::move(value)); }
  /// Awaited: the next value; nothing once the channel is closed and empty. A receive that is cancelled takes none.
  [[nodiscard]] receive_operation receive() noexcept { return receive_operation(*this); }

  /// No more is sent: those that wait to send throw channel_closed, what is in the buffer can still be received.
  void close() noexcept { queue_.close(); }
  bool is_closed() const noexcept { return queue_.is_closed(); }
  /// Values in the buffer.
  std::size_t size() const noexcept { return queue_.size(); }

private:
  using queue = detail::channel_queue<T, send_operation, receive_operation>;
  queue queue_;
};

template <class T> class channel<T>::send_operation final : public detail::waiter {
public:
  bool await_ready() {
    if (cancelled_here())
      return false;
    sent_ = to_->queue_.put(value_);
    return (sent_ || to_->queue_.is_closed()) && goes_on();
  }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    if (begin(coroutine))
      to_->queue_.wait(*this);
  }
  void await_resume() const {
    end();
    if (!sent_)
      throw channel_closed();
  }
  std::string describe() const override { return "room in a channel"; }

private:
  friend channel;
  friend queue;
  send_operation(channel &to, T value) : to_(&to), value_(std::move(value)) {}
  channel *to_;
  T value_;
  bool sent_ = false;
};

template <class T> class channel<T>::receive_operation final : public detail::waiter {
public:
  bool await_ready() {
    if (cancelled_here())
      return false;
    from_->queue_.take(value_);
    return (value_ || from_->queue_.is_closed()) && goes_on();
  }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    if (begin(coroutine))
      from_->queue_.wait(*this);
  }
  std::optional<T> await_resume() {
    end();
    return std::move(value_);
  }
  std::string describe() const override { return "a value from a channel"; }

private:
  friend channel;
  friend queue;
  explicit receive_operation(channel &from) noexcept : from_(&from) {}
  channel *from_;
  std::optional<T> value_;
};

} // namespace coroscope
