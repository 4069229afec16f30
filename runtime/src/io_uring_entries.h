// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two rings that are shared with the kernel: what it is asked, and what it has answered.
//
//   receive(fd), send(fd, …) … -> asked -- one system call --> the kernel -> answered -> seen()
#pragma once

#include "provided_buffers.h"
#include <chrono>
#include <cstdint>
#include <liburing.h>
#include <optional>
#include <string_view>
#include <vector>

namespace coroscope::detail {

/// What is asked for a file descriptor. Of each at most one is in the kernel's hands.
enum class asked : std::uint8_t { nothing_of_interest, wake, read, send, room };

/// An answer. Where `more` is set, others follow to the same question.
struct answer {
  asked to;
  int fd;
  int result;
  unsigned flags;

  bool more() const noexcept { return (flags & IORING_CQE_F_MORE) != 0; }
  bool has_buffer() const noexcept { return (flags & IORING_CQE_F_BUFFER) != 0; }
  unsigned buffer() const noexcept { return flags >> IORING_CQE_BUFFER_SHIFT; }
};

class io_uring_entries {
public:
  io_uring_entries() noexcept = default;
  io_uring_entries(const io_uring_entries &) = delete;
  io_uring_entries &operator=(const io_uring_entries &) = delete;
  ~io_uring_entries();
  /// Null, or why there can be none.
  const char *open() noexcept;

  /// An answer, of poll's events, and no more.
  void poll(asked what, int fd, unsigned events) noexcept;
  void wake_always(int fd) noexcept;
  /// An answer for each piece that has come, with its buffer, which is given back afterwards.
  void receive(int fd) noexcept;
  /// An answer for each connection: a non-blocking file descriptor.
  void accept(int fd) noexcept;
  /// `bytes` are not used any more once the wait that follows has returned, when its answer is there.
  void send(int fd, std::string_view bytes) noexcept;
  /// The last answer will follow soon: -ECANCELED, if there is no other.
  void cancel(asked what, int fd) noexcept;
  void cancel_all() noexcept;

  /// Hands over what is asked and fetches what is answered.
  void exchange() noexcept;
  /// The same, and waits for an answer where there is none, at most so long. False where a signal came. Throws
  /// std::system_error.
  bool wait(std::optional<std::chrono::nanoseconds> longest);

  /// In the order in which they came. To be cleared by whoever has handled them.
  std::vector<answer> &seen() noexcept { return seen_; }
  provided_buffers &buffers() noexcept { return buffers_; }

private:
  io_uring_sqe &next() noexcept;
  static void mark(io_uring_sqe &entry, asked what, int fd) noexcept;
  void look() noexcept;
  int submit_and_wait(std::optional<std::chrono::nanoseconds> longest) noexcept;
  void collect() noexcept;

  provided_buffers buffers_;
  io_uring ring_{};
  bool is_open_ = false;
  unsigned sends_ = 0; ///< without an answer
  std::vector<answer> seen_;
};

} // namespace coroscope::detail
