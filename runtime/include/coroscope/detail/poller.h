// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which operations can go on, asked of the kernel through epoll.
//
//   wait_for(operation) -> descriptor's readers or writers -> poll() -> epoll -> attempt() -> ready queue
//
// A descriptor is registered once, edge-triggered, for both directions. That loses no wake-up: an operation is only
// queued right after its call would have blocked, and nothing is polled between the two.
#pragma once

#include <chrono>
#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <coroscope/detail/waiter.h>
#include <cstddef>
#include <optional>

namespace coroscope::detail {

class poller {
public:
  /// Throws std::system_error.
  poller();
  poller(const poller &) = delete;
  poller &operator=(const poller &) = delete;
  ~poller();

  /// Throws std::system_error where the kernel does not take the descriptor.
  void wait_for(io_operation &operation);
  /// Whether any operation waits.
  bool watching() const noexcept { return waiting_ != 0; }
  /// Waits at most this long (nothing: without limit) for descriptors, and tries what waited on them again.
  /// A signal ends the wait early. Throws std::system_error.
  void poll(std::optional<std::chrono::nanoseconds> longest);

  /// Ends the poll that goes on, or else the next one. From any thread, and from a signal handler.
  void wake() noexcept;

  /// An operation will not be waited for any more.
  void withdraw(io_operation &operation) noexcept;
  /// A descriptor is about to be closed: what waits on it ends with ECANCELED.
  void forget(descriptor &target) noexcept;

private:
  void watch(descriptor &target);
  void try_again(intrusive_list<io_operation> &operations) noexcept;
  void cancel(intrusive_list<io_operation> &operations) noexcept;
  void end_wait(io_operation &operation) noexcept;
  int wait(void *events, int capacity, std::optional<std::chrono::nanoseconds> longest);

  void fall_asleep_again() noexcept;

  int epoll_;
  int wake_;
  std::size_t waiting_ = 0;
  intrusive_list<descriptor> watched_;
};

} // namespace coroscope::detail
