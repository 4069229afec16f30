// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations that wait for their descriptor to be ready: into its queue, and out of it.
#include "pollers.h"
#include <cerrno>
#include <system_error>

namespace coroscope::detail {

void readiness_poller::start(io_operation &operation) {
  descriptor &target = target_of(operation);
  if (!holds(target)) {
    watch(target);
    hold(target);
  }
  enqueue(operation);
}

bool readiness_poller::withdraw(io_operation &operation) noexcept {
  dequeue(operation);
  return true;
}

void readiness_poller::abandon(io_operation &operation) noexcept { dequeue(operation); }

void readiness_poller::forget(descriptor &target) noexcept {
  unwatch(target);
  let_go(target);
  cancel_all(target);
}

time_to_wait::time_to_wait(std::optional<std::chrono::nanoseconds> longest) noexcept : limited_(longest) {
  if (!longest)
    return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*longest);
  time_.tv_sec = seconds.count();
  time_.tv_nsec = (*longest - seconds).count();
}

std::size_t events_of_wait(int result) {
  if (result >= 0)
    return static_cast<std::size_t>(result);
  if (errno == EINTR || errno == ENOMEM) // a signal came, or the kernel's tables find no room: the loop asks again
    return 0;
  throw std::system_error(errno, std::system_category(), "coroscope: waiting for events failed");
}

} // namespace coroscope::detail
