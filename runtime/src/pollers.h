// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The back ends, and what those that learn of readiness have in common.
//
//   poller <- readiness_poller <- select_poller, poll_poller, epoll_poller, io_uring_poller
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

/// Its operations wait until a descriptor is ready, and then try their calls again. A call in flight does not exist, so
/// all of them end at once.
class readiness_poller : public poller {
public:
  void start(io_operation &operation) final;
  bool withdraw(io_operation &operation) noexcept final;
  void abandon(io_operation &operation) noexcept final;
  void forget(descriptor &target) noexcept final;

protected:
  /// A descriptor that operations will wait on. Throws std::system_error where that is not possible.
  virtual void watch(descriptor &target) = 0;
  virtual void unwatch(descriptor &target) noexcept = 0;
};

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
