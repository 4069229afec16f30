// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all back ends have in common: who waits on which descriptor, and the way to wake a loop.
#include "pollers.h"
#include <atomic>
#include <cerrno>
#include <coroscope/detail/poller.h>
#include <coroscope/trace.h>
#include <cstdint>
#include <cstdio>
#include <string>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace coroscope::detail {

namespace {

void say_once_that_epoll_is_used(const std::string &reason) {
  static std::atomic<bool> said = false;
  if (!said.exchange(true))
    std::fprintf(stderr, "coroscope: io_uring cannot be used: %s; epoll is used in its place\n", reason.c_str());
}

} // namespace

std::unique_ptr<poller> poller::make(io_backend which) {
  switch (which) {
  case io_backend::select:
    return make_select_poller();
  case io_backend::poll:
    return make_poll_poller();
  case io_backend::io_uring: {
    std::string reason;
    if (std::unique_ptr<poller> made = make_io_uring_poller(reason))
      return made;
    say_once_that_epoll_is_used(reason);
    break;
  }
  case io_backend::epoll:
    break;
  }
  return make_epoll_poller();
}

poller::poller(kind_of_kernel how) : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), how_(how) {
  if (wake_ < 0)
    throw std::system_error(errno, std::system_category(), "coroscope: cannot make the event that wakes a loop");
}

poller::~poller() {
  while (!held_.empty())
    let_go(held_.front());
  ::close(wake_);
}

void poller::wake() noexcept {
  const int before = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one); // full: it is awake already
  errno = before;
}

void poller::fall_asleep_again() noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(wake_, &count, sizeof count);
}

void poller::poll(std::optional<std::chrono::nanoseconds> longest) {
  trace::record(trace::event_kind::poll_begin, nullptr,
                longest ? static_cast<std::uint64_t>(longest->count()) : UINT64_MAX);
  const std::size_t count = wait(longest);
  trace::record(trace::event_kind::poll_end, nullptr, count);
  if (count != 0)
    dispatch();
}

void poller::start(io_operation &operation) {
  descriptor &target = *operation.target_;
  if (target.poller_ && target.poller_ != this)
    target.poller_->forget(target);
  if (!target.poller_) {
    watch(target);
    target.poller_ = this;
    held_.push_back(target);
  }
  (operation.way_ == direction::read ? target.readers_ : target.writers_).push_back(operation);
  operation.queued_ = true;
  ++waiting_;
  if (target.paused_) [[unlikely]]
    go_on_later(operation);
  if (how_ == kind_of_kernel::makes_calls) [[unlikely]]
    has_begun(target);
}

void poller::go_on_later(io_operation &paused) noexcept {
  paused.target_->paused_ = false;
  if (tell_again(*paused.target_))
    return;
  paused.finish(-errno);
  withdraw(paused);
  paused.fulfil();
}

void poller::withdraw(io_operation &operation) noexcept {
  operation.queued_ = false;
  operation.unlink();
  --waiting_;
}

void poller::forget(descriptor &target) noexcept {
  unwatch(target);
  let_go(target);
  cancel(target.readers_);
  cancel(target.writers_);
}

void poller::let_go(descriptor &target) noexcept {
  target.poller_ = nullptr;
  target.may_go_on_ = descriptor::both;
  target.ended_ = 0;
  target.unlink();
}

void poller::cancel(intrusive_list<io_operation> &operations) noexcept {
  while (!operations.empty()) {
    io_operation &operation = operations.front();
    withdraw(operation);
    operation.finish(-ECANCELED);
    operation.fulfil();
  }
}

void poller::became_ready(descriptor &target, bool read, bool write) noexcept {
  if (read) {
    target.may_go_on_ |= static_cast<std::uint8_t>(direction::read);
    try_again(target.readers_);
  }
  if (write) {
    target.may_go_on_ |= static_cast<std::uint8_t>(direction::write);
    try_again(target.writers_);
  }
}

bool poller::sent(descriptor &target, long result) noexcept {
  io_operation &operation = target.writers_.front();
  trace::record(trace::event_kind::fd_ready, operation.frame(), static_cast<std::uint64_t>(operation.fd()),
                static_cast<std::uint64_t>(operation.way_));
  if (!operation.sent(result))
    return false;
  withdraw(operation);
  operation.fulfil();
  return true;
}

void poller::try_again(intrusive_list<io_operation> &operations) noexcept {
  while (!operations.empty()) {
    io_operation &operation = operations.front();
    trace::record(trace::event_kind::fd_ready, operation.frame(), static_cast<std::uint64_t>(operation.fd()),
                  static_cast<std::uint64_t>(operation.way_));
    if (!operation.attempt()) {
      if (operation.target_->paused_) [[unlikely]]
        go_on_later(operation);
      return;
    }
    withdraw(operation);
    operation.fulfil();
  }
}

} // namespace coroscope::detail
