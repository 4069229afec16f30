// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The back ends, and how system calls say how long to wait and what came of it.
//
//   poller <- select_poller, poll_poller, epoll_poller, io_uring_poller
#pragma once

#include <chrono>
#include <coroscope/detail/poller.h>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace coroscope::detail {

/// Throw std::system_error.
std::unique_ptr<poller> make_select_poller();
std::unique_ptr<poller> make_poll_poller();
std::unique_ptr<poller> make_epoll_poller();
/// Null, with the reason, where the build or the kernel has no io_uring that would do.
std::unique_ptr<poller> make_io_uring_poller(std::string &reason);

/// A time to wait as system calls take it.
class time_to_wait {
public:
  explicit time_to_wait(std::optional<std::chrono::nanoseconds> longest) noexcept;
  /// Null: without limit.
  const timespec *get() const noexcept { return limited_ ? &time_ : nullptr; }

private:
  timespec time_{};
  bool limited_;
};

/// What a system call that waited gave: how many events. 0 where a signal came; throws std::system_error.
std::size_t events_of_wait(int result);

} // namespace coroscope::detail
