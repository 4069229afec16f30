// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Listening, and accepting for as long as the process lives.
#include "socket.h"
#include <cerrno>
#include <chrono>
#include <coroscope/sleep.h>
#include <coroscope/tcp_listener.h>
#include <cstdio>
#include <cstring>
#include <sys/socket.h>

namespace coroscope {

namespace {

class accept_operation final : public detail::io_operation {
public:
  explicit accept_operation(detail::descriptor &target) noexcept : io_operation(target, detail::direction::read) {}
  /// A file descriptor, or -errno.
  int await_resume() const {
    end();
    return static_cast<int>(result());
  }

private:
  bool attempt() noexcept override {
    for (;;) {
      const int accepted = ::accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (accepted >= 0 || errno != EINTR)
        return finish_unless_blocked(accepted, errno);
    }
  }
};

/// Errors that will pass once something else is closed or freed.
bool out_of_resources(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// Errors of the one connection that was about to be accepted; Linux gives its pending network errors here as well.
bool connection_lost(int error) noexcept {
  switch (error) {
  case ECONNABORTED:
  case EPERM:
  case EPROTO:
  case ENETDOWN:
  case ENETUNREACH:
  case EHOSTDOWN:
  case EHOSTUNREACH:
  case ENONET:
  case ENOPROTOOPT:
  case ETIMEDOUT:
    return true;
  default:
    return false;
  }
}

} // namespace

tcp_listener tcp_listener::bind(const ip_endpoint &local) {
  constexpr int backlog = 1024;
  auto listening = std::make_unique<detail::descriptor>(detail::make_tcp_socket(local.address));
  const int on = 1;
  ::setsockopt(listening->fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const detail::socket_address address(local);
  if (::bind(listening->fd(), address.data(), address.size) < 0 || ::listen(listening->fd(), backlog) < 0)
    detail::throw_system_error(errno, "listening on " + local.to_string());
  return tcp_listener(std::move(listening));
}

task<tcp_stream> tcp_listener::accept() {
  using namespace std::chrono_literals;
  bool reported = false;
  for (;;) {
    if (!descriptor_)
      detail::throw_system_error(EBADF, "accept on a listener that was moved from");
    const int result = co_await accept_operation(*descriptor_);
    if (result >= 0) {
      auto accepted = std::make_unique<detail::descriptor>(result);
      detail::send_at_once(result);
      co_return tcp_stream(std::move(accepted));
    }
    if (out_of_resources(-result)) {
      if (!std::exchange(reported, true))
        std::fprintf(stderr, "coroscope: cannot accept a connection for now: %s\n", std::strerror(-result));
      co_await sleep_for(50ms);
    } else if (!connection_lost(-result)) {
      detail::throw_system_error(-result, "accepting a connection");
    }
  }
}

void tcp_listener::close() noexcept {
  if (descriptor_)
    descriptor_->close();
}

ip_endpoint tcp_listener::local() const {
  if (!descriptor_)
    detail::throw_system_error(EBADF, "local address of a listener that was moved from");
  return detail::local_endpoint(descriptor_->fd());
}

} // namespace coroscope
