// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Descriptors, operations on them, and epoll: which of them can go on.
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <coroscope/detail/poller.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <cstdint>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace coroscope::detail {

void descriptor::close() noexcept {
  if (fd_ < 0)
    return;
  if (poller_)
    poller_->forget(*this);
  ::close(fd_);
  fd_ = -1;
}

std::string io_operation::describe() const {
  return "descriptor " + std::to_string(fd()) + (way_ == direction::read ? " to read" : " to write");
}

void io_operation::wait() {
  trace::record(trace::event_kind::fd_wait, frame(), static_cast<std::uint64_t>(fd()),
                static_cast<std::uint64_t>(way_));
  current_loop().descriptors().wait_for(*this);
}

io_operation::~io_operation() {
  if (queued_)
    withdraw();
}

bool io_operation::withdraw() noexcept {
  target_->poller_->withdraw(*this);
  return true;
}

bool io_operation::finish_unless_blocked(long returned, int error) noexcept {
  if (returned >= 0)
    return finish(returned);
  if (error == EAGAIN || error == EWOULDBLOCK)
    return false;
  return finish(-error);
}

poller::poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (epoll_ < 0 || wake_ < 0 || ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) < 0) {
    const int error = errno;
    ::close(epoll_);
    ::close(wake_);
    throw std::system_error(error, std::system_category(), "coroscope: cannot make an epoll instance");
  }
}

poller::~poller() {
  while (!watched_.empty())
    watched_.pop_front().poller_ = nullptr;
  ::close(wake_);
  ::close(epoll_);
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

void poller::watch(descriptor &target) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = &target;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, target.fd_, &event) < 0)
    throw std::system_error(errno, std::system_category(),
                            "coroscope: cannot wait on file descriptor " + std::to_string(target.fd_));
  target.poller_ = this;
  watched_.push_back(target);
}

void poller::wait_for(io_operation &operation) {
  descriptor &target = *operation.target_;
  if (target.poller_ && target.poller_ != this)
    target.poller_->forget(target);
  if (!target.poller_)
    watch(target);
  (operation.way_ == direction::read ? target.readers_ : target.writers_).push_back(operation);
  operation.queued_ = true;
  ++waiting_;
}

void poller::end_wait(io_operation &operation) noexcept {
  operation.queued_ = false;
  operation.unlink();
  --waiting_;
}

void poller::withdraw(io_operation &operation) noexcept { end_wait(operation); }

void poller::forget(descriptor &target) noexcept {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, target.fd_, nullptr);
  target.poller_ = nullptr;
  target.unlink();
  cancel(target.readers_);
  cancel(target.writers_);
}

void poller::cancel(intrusive_list<io_operation> &operations) noexcept {
  while (!operations.empty()) {
    io_operation &operation = operations.front();
    end_wait(operation);
    operation.finish(-ECANCELED);
    operation.fulfil();
  }
}

void poller::try_again(intrusive_list<io_operation> &operations) noexcept {
  while (!operations.empty()) {
    io_operation &operation = operations.front();
    trace::record(trace::event_kind::fd_ready, operation.frame(), static_cast<std::uint64_t>(operation.fd()),
                  static_cast<std::uint64_t>(operation.way_));
    if (!operation.attempt())
      return;
    end_wait(operation);
    operation.fulfil();
  }
}

int poller::wait(void *events, int capacity, std::optional<std::chrono::nanoseconds> longest) {
  int milliseconds = -1;
  if (longest) {
    const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(*longest).count();
    milliseconds = static_cast<int>(std::clamp<long>(rounded_up, 0, INT_MAX));
  }
  const int count = ::epoll_wait(epoll_, static_cast<epoll_event *>(events), capacity, milliseconds);
  if (count >= 0)
    return count;
  if (errno == EINTR)
    return 0;
  throw std::system_error(errno, std::system_category(), "coroscope: waiting for events failed");
}

void poller::poll(std::optional<std::chrono::nanoseconds> longest) {
  std::array<epoll_event, 256> events;
  trace::record(trace::event_kind::poll_begin, nullptr,
                longest ? static_cast<std::uint64_t>(longest->count()) : UINT64_MAX);
  const int count = wait(events.data(), static_cast<int>(events.size()), longest);
  trace::record(trace::event_kind::poll_end, nullptr, static_cast<std::uint64_t>(count));
  for (int i = 0; i < count; ++i) {
    void *const whose = events[static_cast<std::size_t>(i)].data.ptr;
    if (!whose) {
      fall_asleep_again();
      continue;
    }
    descriptor &target = *static_cast<descriptor *>(whose);
    const auto happened = events[static_cast<std::size_t>(i)].events;
    if (happened & (EPOLLIN | EPOLLHUP | EPOLLERR))
      try_again(target.readers_);
    if (happened & (EPOLLOUT | EPOLLHUP | EPOLLERR))
      try_again(target.writers_);
  }
}

} // namespace coroscope::detail
