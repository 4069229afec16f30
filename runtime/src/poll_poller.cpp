// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// poll: which of these descriptors are ready.
//
//   descriptors that are waited on -> pollfds -> ppoll -> those that are ready try again
#include "pollers.h"
#include <poll.h>
#include <vector>

namespace coroscope::detail {

namespace {

class poll_poller final : public poller {
public:
  io_backend kind() const noexcept override { return io_backend::poll; }

private:
  void watch(descriptor &) override {}
  void unwatch(descriptor &) noexcept override {}

  std::size_t wait(std::optional<std::chrono::nanoseconds> longest) override {
    asked_.assign(1, {wake_fd(), POLLIN, 0});
    targets_.assign(1, nullptr);
    for (descriptor *at = first_held(); at; at = held_after(*at)) {
      const int events = (has_readers(*at) ? POLLIN : 0) | (has_writers(*at) ? POLLOUT : 0);
      if (events == 0)
        continue;
      asked_.push_back({at->fd(), static_cast<short>(events), 0});
      targets_.push_back(at);
    }
    const time_to_wait limit(longest);
    return events_of_wait(::ppoll(asked_.data(), asked_.size(), limit.get(), nullptr));
  }

  void dispatch() override {
    if (asked_.front().revents != 0)
      fall_asleep_again();
    for (std::size_t i = 1; i < asked_.size(); ++i) {
      constexpr int broken = POLLHUP | POLLERR | POLLNVAL;
      const int happened = asked_[i].revents;
      if (happened != 0)
        became_ready(*targets_[i], happened & (POLLIN | broken), happened & (POLLOUT | broken));
    }
  }

  std::vector<pollfd> asked_;
  std::vector<descriptor *> targets_; ///< whose they are; null for the one that wakes the loop
};

} // namespace

std::unique_ptr<poller> make_poll_poller() { return std::make_unique<poll_poller>(); }

} // namespace coroscope::detail
