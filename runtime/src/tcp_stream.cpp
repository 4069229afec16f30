// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connecting to one address, or to the first of a host's that takes the connection.
#include "connection.h"
#include "socket.h"
#include <coroscope/resolve.h>
#include <coroscope/tcp_stream.h>
#include <exception>
#include <system_error>
#include <vector>

namespace coroscope {

task<tcp_stream> tcp_stream::connect(ip_endpoint peer) {
  auto connecting = std::make_unique<detail::descriptor>(detail::make_tcp_socket(peer.address));
  detail::send_at_once(connecting->fd());
  const int error = co_await detail::connect_operation(*connecting, detail::socket_address(peer));
  if (error != 0)
    detail::throw_system_error(error, "connecting to " + peer.to_string());
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

ip_endpoint tcp_stream::local() const { return detail::local_address(checked().fd()).endpoint(); }
ip_endpoint tcp_stream::peer() const { return detail::peer_address(checked().fd()).endpoint(); }

} // namespace coroscope
