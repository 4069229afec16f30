// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a channel holds: the buffered values, and in line those that wait with a value or for one.
//
//   put(value) -> the first receiver that waits, or the buffer -> take() -> a value; then a waiting sender's moves up
#pragma once

#include <coroscope/detail/waiter.h>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace coroscope::detail {

/// `Sender` and `Receiver` wait in it. Each has a fulfil(); a sender has a T value_ and a bool sent_, which says that
/// the value is gone; a receiver has a std::optional<T> value_.
template <class T, class Sender, class Receiver> class channel_queue {
public:
  explicit channel_queue(std::size_t capacity) noexcept : capacity_(capacity) {}

  /// Whether the value was handed over.
  bool put(T &value) {
    if (closed_)
      return false;
    if (!receivers_.empty()) {
      auto &receiver = static_cast<Receiver &>(receivers_.front());
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
    auto &sender = static_cast<Sender &>(senders_.front());
    if (value)
      buffer_.push_back(std::move(sender.value_));
    else
      value.emplace(std::move(sender.value_));
    sender.sent_ = true;
    sender.unlink();
    sender.fulfil();
  }
  void wait(Sender &sender) noexcept { senders_.push_back(sender); }
  void wait(Receiver &receiver) noexcept { receivers_.push_back(receiver); }

  void close() noexcept {
    closed_ = true;
    while (!senders_.empty())
      static_cast<Sender &>(senders_.pop_front()).fulfil();
    while (!receivers_.empty())
      static_cast<Receiver &>(receivers_.pop_front()).fulfil();
  }
  bool is_closed() const noexcept { return closed_; }
  /// Values in the buffer.
  std::size_t size() const noexcept { return buffer_.size(); }

private:
  std::size_t capacity_;
  bool closed_ = false;
  std::deque<T> buffer_;
  waiter_list senders_;
  waiter_list receivers_;
};

} // namespace coroscope::detail
