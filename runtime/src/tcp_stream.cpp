// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connecting to one address, or to the first of several that takes the connection.
#include "connection.h"
#include "socket.h"
#include <chrono>
#include <coroscope/detail/connection_race.h>
#include <coroscope/resolve.h>
#include <coroscope/tcp_stream.h>
#include <stdexcept>
#include <utility>
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

task<tcp_stream> tcp_stream::connect(std::vector<ip_endpoint> peers) {
  using namespace std::chrono_literals;
  if (peers.empty())
    throw std::invalid_argument("coroscope: connecting to none of no addresses");
  const auto attempt = [](ip_endpoint peer) { return connect(peer); };
  co_return co_await detail::first_connection(detail::families_in_turn(peers), attempt, 250ms);
}

task<tcp_stream> tcp_stream::connect(std::string host, std::uint16_t port) {
  auto peers = co_await resolve(std::move(host), port);
  co_return co_await connect(std::move(peers));
}

ip_endpoint tcp_stream::local() const { return detail::local_address(checked().fd()).endpoint(); }
ip_endpoint tcp_stream::peer() const { return detail::peer_address(checked().fd()).endpoint(); }

} // namespace coroscope
