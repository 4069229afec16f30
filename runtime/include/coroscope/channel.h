// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// channel<T>: values from task to task, in order.
//
//   send(value) -> waits while it is full -> buffer of `capacity` -> receive() -> the value; nothing once it is closed
#pragma once

#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <cstddef>
#include <deque>
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
  explicit channel(std::size_t capacity) noexcept : capacity_(capacity) {}
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
  void close() noexcept {
    closed_ = true;
    while (!senders_.empty())
      senders_.pop_front().fulfil();
    while (!receivers_.empty())
      receivers_.pop_front().fulfil();
  }
  bool is_closed() const noexcept { return closed_; }
  /// Values in the buffer.
  std::size_t size() const noexcept { return buffer_.size(); }

private:
  /// Whether the value was handed over.
  bool put(T &value) {
    if (!receivers_.empty()) {
      auto &receiver = static_cast<receive_operation &>(receivers_.front());
      receiver.value_.emplace(std::move(value));
      receiver.unlink();
      receiver.fulfil();
      return true;
    }
    if (buffer_.size() >= capacity_)
      return false;
    buffer_.push_back(std::move(value));
    return true;
  }
  /// The first value, of the buffer or of a sender that waits.
  void take(std::optional<T> &value) {
    if (!buffer_.empty()) {
      value.emplace(std::move(buffer_.front()));
      buffer_.pop_front();
    }
    if (senders_.empty())
      return;
    auto &sender = static_cast<send_operation &>(senders_.front());
    if (value)
      buffer_.push_back(std::move(sender.value_));
    else
      value.emplace(std::move(sender.value_));
    sender.sent_ = true;
    sender.unlink();
    sender.fulfil();
  }

  std::size_t capacity_;
  bool closed_ = false;
  std::deque<T> buffer_;
  detail::waiter_list senders_;
  detail::waiter_list receivers_;
};

template <class T> class channel<T>::send_operation final : public detail::waiter {
public:
  bool await_ready() {
    if (cancelled_here())
      return false;
    sent_ = !to_->closed_ && to_->put(value_);
    return sent_ || to_->closed_;
  }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    if (begin(coroutine))
      to_->senders_.push_back(*this);
  }
  void await_resume() const {
    end();
    if (!sent_)
      throw channel_closed();
  }
  std::string describe() const override { return "room in a channel"; }

private:
  friend channel;
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
    from_->take(value_);
    return value_ || from_->closed_;
  }
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    if (begin(coroutine))
      from_->receivers_.push_back(*this);
  }
  std::optional<T> await_resume() {
    end();
    return std::move(value_);
  }
  std::string describe() const override { return "a value from a channel"; }

private:
  friend channel;
  explicit receive_operation(channel &from) noexcept : from_(&from) {}
  channel *from_;
  std::optional<T> value_;
};

} // namespace coroscope
