// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the kernel has brought for a descriptor before anybody asked for it (io_uring), in order.
//
//   a stream:    bytes -> take_bytes() ... and behind them its end or its error, once
//   a listener:  connections -> take_connection() ...
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coroscope::detail {

class arrivals {
public:
  arrivals() noexcept = default;
  arrivals(const arrivals &) = delete;
  arrivals &operator=(const arrivals &) = delete;
  /// Connections that nobody has taken are reset, as those in a listener's queue are.
  ~arrivals();

  bool empty() const noexcept { return bytes() == 0 && connections_.empty() && !end_; }
  std::size_t bytes() const noexcept { return unread_.size() + kept_.size() - taken_; }

  /// Bytes that somebody else owns, until keep().
  void add_bytes(std::span<const char> arrived);
  /// Copies what is left of them.
  void keep();
  void add_connection(int fd) { connections_.push_back(fd); }
  /// 0 for the end of a stream, or -errno.
  void add_end(int result) noexcept { end_ = result; }

  /// How many bytes it has put into `buffer`; behind the last one what add_end was told, once. Precondition: not empty.
  long take_bytes(std::span<char> buffer) noexcept;
  /// A file descriptor. Precondition: not empty.
  int take_connection() noexcept;

private:
  std::string kept_;
  std::size_t taken_ = 0; ///< of those
  std::span<const char> unread_;
  std::vector<int> connections_;
  std::optional<int> end_;
};

} // namespace coroscope::detail
