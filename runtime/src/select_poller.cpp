// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// select: which of these descriptors, each below FD_SETSIZE, are ready.
//
//   descriptors that are waited on -> sets of bits -> select -> those whose bits are left try again
#include "pollers.h"
#include <algorithm>
#include <cerrno>
#include <sys/select.h>
#include <system_error>

namespace coroscope::detail {

namespace {

void require_below_limit(int fd) {
  if (fd >= FD_SETSIZE)
    throw std::system_error(EINVAL, std::system_category(),
                            "coroscope: select cannot wait on file descriptor " + std::to_string(fd) +
                                ", only on those below " + std::to_string(FD_SETSIZE) +
                                "; use the back end poll, epoll or io_uring");
}

class select_poller final : public poller {
public:
  select_poller() { require_below_limit(wake_fd()); }

  io_backend kind() const noexcept override { return io_backend::select; }

private:
  void watch(descriptor &target) override { require_below_limit(target.fd()); }
  void unwatch(descriptor &) noexcept override {}

  std::size_t wait(std::optional<std::chrono::nanoseconds> longest) override {
    FD_ZERO(&readable_);
    FD_ZERO(&writable_);
    FD_SET(wake_fd(), &readable_);
    int highest = wake_fd();
    for (descriptor *at = first_held(); at; at = held_after(*at)) {
      if (has_readers(*at))
        FD_SET(at->fd(), &readable_);
      if (has_writers(*at))
        FD_SET(at->fd(), &writable_);
      highest = std::max(highest, at->fd());
    }
    timeval limit{};
    if (longest) {
      const auto rounded_up = std::chrono::ceil<std::chrono::microseconds>(*longest);
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rounded_up);
      limit.tv_sec = seconds.count();
      limit.tv_usec = (rounded_up - seconds).count();
    }
    return events_of_wait(::select(highest + 1, &readable_, &writable_, nullptr, longest ? &limit : nullptr));
  }

  void dispatch() override {
    if (FD_ISSET(wake_fd(), &readable_))
      fall_asleep_again();
    for (descriptor *at = first_held(); at; at = held_after(*at))
      became_ready(*at, FD_ISSET(at->fd(), &readable_), FD_ISSET(at->fd(), &writable_));
  }

  fd_set readable_{};
  fd_set writable_{};
};

} // namespace

std::unique_ptr<poller> make_select_poller() { return std::make_unique<select_poller>(); }

} // namespace coroscope::detail
