// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connecting, reading and writing: each a socket call that is tried first and waits only where it must.
#include "socket.h"
#include <cerrno>
#include <coroscope/resolve.h>
#include <coroscope/tcp_stream.h>
#include <exception>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace coroscope {

namespace {

/// connect(2), until the connection stands or has failed. Asking again is how the outcome is learnt.
class connect_operation final : public detail::io_operation {
public:
  connect_operation(detail::descriptor &target, const ip_endpoint &peer) noexcept
      : io_operation(target, detail::direction::write), peer_(peer) {}
  /// 0, or -errno.
  long await_resume() const {
    end();
    return result();
  }

private:
  bool attempt() noexcept override {
    if (::connect(fd(), peer_.data(), peer_.size) == 0 || errno == EISCONN)
      return finish(0);
    if (errno == EINPROGRESS || errno == EALREADY || errno == EINTR)
      return false;
    return finish(-errno);
  }
  detail::socket_address peer_;
};

[[noreturn]] void throw_failed(long result, const char *what) {
  detail::throw_system_error(static_cast<int>(-result), what);
}

} // namespace

task<tcp_stream> tcp_stream::connect(ip_endpoint peer) {
  auto connecting = std::make_unique<detail::descriptor>(detail::make_tcp_socket(peer.address));
  detail::send_at_once(connecting->fd());
  const long result = co_await connect_operation(*connecting, peer);
  if (result < 0)
    throw_failed(result, ("connecting to " + peer.to_string()).c_str());
  co_return tcp_stream(std::move(connecting));
}

task<tcp_stream> tcp_stream::connect(std::string host, std::uint16_t port) {
  std::exception_ptr last;
  const std::vector<ip_endpoint> peers = co_await resolve(host, port);
  for (const ip_endpoint &peer : peers) {
    try {
      co_return co_await connect(peer);
    } catch (const std::system_error &) {
      last = std::current_exception();
    }
  }
  std::rethrow_exception(last);
}

bool tcp_stream::read_operation::attempt() noexcept {
  for (;;) {
    const long count = ::recv(fd(), buffer_.data(), buffer_.size(), 0);
    if (count >= 0 || errno != EINTR)
      return finish_unless_blocked(count, errno);
  }
}

std::size_t tcp_stream::read_operation::await_resume() const {
  end();
  if (result() < 0)
    throw_failed(result(), "reading from a TCP stream");
  return static_cast<std::size_t>(result());
}

bool tcp_stream::write_operation::attempt() noexcept {
  while (!left_.empty()) {
    const long count = ::send(fd(), left_.data(), left_.size(), MSG_NOSIGNAL);
    if (count >= 0)
      left_.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      return finish_unless_blocked(count, errno);
  }
  return finish(0);
}

void tcp_stream::write_operation::await_resume() const {
  end();
  if (result() < 0)
    throw_failed(result(), "writing to a TCP stream");
}

detail::descriptor &tcp_stream::checked() const {
  if (!is_open())
    detail::throw_system_error(EBADF, "use of a TCP stream that is closed or was moved from");
  return *descriptor_;
}

void tcp_stream::shutdown_write() noexcept {
  if (is_open())
    ::shutdown(descriptor_->fd(), SHUT_WR);
}

void tcp_stream::close() noexcept {
  if (descriptor_)
    descriptor_->close();
}

ip_endpoint tcp_stream::local() const { return detail::local_endpoint(checked().fd()); }
ip_endpoint tcp_stream::peer() const { return detail::peer_endpoint(checked().fd()); }

} // namespace coroscope
