// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "pollers.h"
#include <cerrno>
#include <system_error>

namespace coroscope::detail {

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
