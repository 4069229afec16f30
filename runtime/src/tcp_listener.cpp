// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Listening on a TCP port.
#include "connection.h"
#include "socket.h"
#include <cerrno>
#include <coroscope/tcp_listener.h>
#include <sys/socket.h>

namespace coroscope {

tcp_listener tcp_listener::bind(const ip_endpoint &local) { return bind(local, false); }
tcp_listener tcp_listener::bind_shared(const ip_endpoint &local) { return bind(local, true); }

tcp_listener tcp_listener::bind(const ip_endpoint &local, bool shared) {
  auto listening = std::make_shared<detail::descriptor>(detail::make_tcp_socket(local.address));
  const int on = 1;
  ::setsockopt(listening->fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (shared && ::setsockopt(listening->fd(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0)
    detail::throw_system_error(errno, "sharing " + local.to_string());
  detail::bind_and_listen(*listening, detail::socket_address(local), local.to_string());
  return tcp_listener(std::move(listening));
}

task<tcp_stream> tcp_listener::accept() {
  auto accepted = co_await detail::accept_connection(descriptor_);
  detail::send_at_once(accepted->fd());
  co_return tcp_stream(std::move(accepted));
}

void tcp_listener::close() noexcept {
  if (descriptor_)
    descriptor_->close();
}

ip_endpoint tcp_listener::local() const {
  if (!descriptor_)
    detail::throw_system_error(EBADF, "local address of a listener that was moved from");
  return detail::local_address(descriptor_->fd()).endpoint();
}

} // namespace coroscope
