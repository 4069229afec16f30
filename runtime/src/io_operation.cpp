// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An operation's way into the loop's poller and out of it, and the end of a descriptor.
#include <cerrno>
#include <coroscope/detail/poller.h>
#include <coroscope/event_loop.h>
#include <coroscope/trace.h>
#include <cstdint>
#include <unistd.h>

namespace coroscope::detail {

void descriptor::close() noexcept {
  if (fd_ < 0)
    return;
  if (poller_)
    poller_->forget(*this);
  arrived_.reset();
  ::close(fd_);
  fd_ = -1;
}

std::string io_operation::describe() const {
  return "descriptor " + std::to_string(fd()) + (way_ == direction::read ? " to read" : " to write");
}

kernel_call io_operation::in_kernel() const noexcept { return {}; }
bool io_operation::sent(long) noexcept { return false; }

void io_operation::wait() {
  trace::record(trace::event_kind::fd_wait, frame(), static_cast<std::uint64_t>(fd()),
                static_cast<std::uint64_t>(way_));
  current_loop().descriptors().start(*this);
}

io_operation::~io_operation() {
  if (queued_)
    target_->poller_->withdraw(*this);
}

bool io_operation::withdraw() noexcept {
  target_->poller_->withdraw(*this);
  return true;
}

bool io_operation::finish_unless_blocked(long returned, int error) noexcept {
  if (returned >= 0)
    return finish(returned);
  if (error == EAGAIN || error == EWOULDBLOCK) {
    target_->drained(way_);
    return false;
  }
  return finish(-error);
}

} // namespace coroscope::detail
