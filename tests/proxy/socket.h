// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocking sockets, so that the tests do not depend on what they test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroscope::testing {

/// A connection, closed when destroyed. Everything throws std::system_error where it fails.
class blocking_socket {
public:
  explicit blocking_socket(int fd) noexcept : fd_(fd) {}
  static blocking_socket connect(std::uint16_t port);
  blocking_socket(blocking_socket &&other) noexcept;
  blocking_socket &operator=(blocking_socket &&) = delete;
  ~blocking_socket();

  void send(std::string_view bytes) const;
  void shutdown_write() const;
  /// Makes the close a reset.
  void reset_on_close() const;
  /// At most `longest` bytes; empty at the end.
  std::string receive(std::size_t longest = 65536) const;
  /// Until `mark` was received, or the end.
  std::string receive_until(std::string_view mark) const;
  std::string receive_all() const;

  int fd() const noexcept { return fd_; }

private:
  int fd_;
};

} // namespace coroscope::testing
