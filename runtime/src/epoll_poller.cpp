// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// epoll: which descriptors have become ready.
//
// A descriptor is registered once, edge-triggered, for both directions. That loses no wake-up: an operation only waits
// where a call before it would have blocked or took all there was, and an edge that came since then has it try.
#include "pollers.h"
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <span>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace coroscope::detail {

namespace {

/// After these a call may succeed that follows one that took all there was: it gives the end, an error, or what is
/// behind an urgent byte, and no further edge tells of it.
constexpr std::uint32_t said_once = EPOLLRDHUP | EPOLLPRI | EPOLLHUP | EPOLLERR;

class epoll_poller final : public poller {
public:
  epoll_poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (epoll_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_fd(), &event) < 0) {
      const int error = errno;
      ::close(epoll_);
      throw std::system_error(error, std::system_category(), "coroscope: cannot make an epoll instance");
    }
  }
  ~epoll_poller() override { ::close(epoll_); }

  io_backend kind() const noexcept override { return io_backend::epoll; }

private:
  bool control(int what, descriptor &target) noexcept {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
    event.data.ptr = &target;
    return ::epoll_ctl(epoll_, what, target.fd(), &event) == 0;
  }
  void watch(descriptor &target) override {
    if (!control(EPOLL_CTL_ADD, target))
      throw std::system_error(errno, std::system_category(),
                              "coroscope: cannot wait on file descriptor " + std::to_string(target.fd()));
  }
  /// To change what it watches, though it be the same, has it look at the state.
  bool tell_again(descriptor &target) noexcept override { return control(EPOLL_CTL_MOD, target); }
  void unwatch(descriptor &target) noexcept override { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, target.fd(), nullptr); }

  std::size_t wait(std::optional<std::chrono::nanoseconds> longest) override {
    int milliseconds = -1;
    if (longest) {
      const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(*longest).count();
      milliseconds = static_cast<int>(std::clamp<long>(rounded_up, 0, INT_MAX));
    }
    seen_ = events_of_wait(::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), milliseconds));
    return seen_;
  }

  void dispatch() override {
    for (const epoll_event &event : std::span(events_.data(), seen_)) {
      if (!event.data.ptr) {
        fall_asleep_again();
        continue;
      }
      descriptor &target = *static_cast<descriptor *>(event.data.ptr);
      if (event.events & said_once)
        ended(target);
      became_ready(target, event.events & (EPOLLIN | said_once), event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR));
    }
  }

  int epoll_;
  std::size_t seen_ = 0;
  std::array<epoll_event, 256> events_;
};

} // namespace

std::unique_ptr<poller> make_epoll_poller() { return std::make_unique<epoll_poller>(); }

} // namespace coroscope::detail
