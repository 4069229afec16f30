// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading and writing: each a socket call that is tried first and waits only where it must.
#include "socket.h"
#include <cerrno>
#include <coroscope/byte_stream.h>
#include <sys/socket.h>

namespace coroscope {

bool byte_stream::read_operation::attempt() noexcept {
  if (take_arrived([this](detail::arrivals &from) { return from.take_bytes(buffer_); }))
    return true;
  for (;;) {
    const long count = ::recv(fd(), buffer_.data(), buffer_.size(), 0);
    took(count, buffer_.size());
    if (count >= 0 || errno != EINTR)
      return finish_unless_blocked(count, errno);
  }
}

detail::kernel_call byte_stream::read_operation::in_kernel() const noexcept {
  return {detail::kernel_call::kind::receive};
}

std::size_t byte_stream::read_operation::await_resume() const {
  end();
  if (result() < 0)
    detail::throw_system_error(static_cast<int>(-result()), "reading from a stream");
  return static_cast<std::size_t>(result());
}

bool byte_stream::write_operation::attempt() noexcept {
  constexpr int most_calls = 16;
  for (int calls = 0; !left_.empty(); ++calls) {
    if (calls == most_calls)
      return pause();
    const long count = ::send(fd(), left_.data(), left_.size(), MSG_NOSIGNAL);
    if (count >= 0)
      left_.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      return finish_unless_blocked(count, errno);
  }
  return finish(0);
}

detail::kernel_call byte_stream::write_operation::in_kernel() const noexcept {
  return {detail::kernel_call::kind::send, left_};
}

bool byte_stream::write_operation::sent(long result) noexcept {
  if (result < 0 && result != -EAGAIN && result != -EINTR)
    return finish(result);
  left_.remove_prefix(static_cast<std::size_t>(result < 0 ? 0 : result));
  return left_.empty() && finish(0);
}

void byte_stream::write_operation::await_resume() const {
  end();
  if (result() < 0)
    detail::throw_system_error(static_cast<int>(-result()), "writing to a stream");
}

detail::descriptor &byte_stream::checked() const {
  if (!is_open())
    detail::throw_system_error(EBADF, "use of a stream that is closed or was moved from");
  return *descriptor_;
}

void byte_stream::shutdown_write() noexcept {
  if (is_open())
    ::shutdown(descriptor_->fd(), SHUT_WR);
}

void byte_stream::close() noexcept {
  if (descriptor_)
    descriptor_->close();
}

} // namespace coroscope
