// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file descriptor and the operations that wait on it.
#pragma once

#include <coroscope/detail/arrivals.h>
#include <coroscope/detail/intrusive_list.h>
#include <cstdint>
#include <memory>

namespace coroscope::detail {

class io_operation;
class poller;

enum class direction : std::uint8_t { read = 1, write = 2 };

/// Owns a non-blocking file descriptor. Its address is what the kernel gives back, so it does not move.
class descriptor : public list_node {
public:
  /// Takes the file descriptor over.
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  ~descriptor() { close(); }

  /// -1 once closed.
  int fd() const noexcept { return fd_; }

  /// A read that gives less than was asked for has taken all there was, as one of a TCP socket has.
  void short_reads_drain() noexcept { short_reads_drain_ = true; }

  /// Operations that still wait end with ECANCELED. Closing twice does nothing.
  void close() noexcept;

private:
  friend poller;
  friend io_operation;
  static constexpr std::uint8_t both = 3;

  bool may_go_on(direction way) const noexcept { return (may_go_on_ & static_cast<std::uint8_t>(way)) != 0; }
  void drained(direction way) noexcept {
    may_go_on_ &= static_cast<std::uint8_t>(~static_cast<unsigned>(way)) | ended_;
  }

  int fd_;
  std::uint8_t may_go_on_ = both; ///< directions in which a call may succeed, for all that is known
  bool short_reads_drain_ = false;
  bool paused_ = false;    ///< a call has let the others have their turn, and is to be tried again
  std::uint8_t ended_ = 0; ///< both, once the kernel may have said all that it will say of it
  poller *poller_ = nullptr;
  std::unique_ptr<arrivals> arrived_; ///< null where there is nothing
  intrusive_list<io_operation> readers_;
  intrusive_list<io_operation> writers_;
};

} // namespace coroscope::detail
