// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connecting to a Unix socket.
#include "connection.h"
#include "socket.h"
#include <array>
#include <cerrno>
#include <chrono>
#include <coroscope/sleep.h>
#include <coroscope/unix_stream.h>
#include <sys/socket.h>

namespace coroscope {

task<unix_stream> unix_stream::connect(unix_address peer) {
  using namespace std::chrono_literals;
  auto connecting = std::make_unique<detail::descriptor>(detail::make_unix_socket());
  for (;;) {
    const int error = co_await detail::connect_operation(*connecting, detail::socket_address(peer));
    if (error == 0)
      co_return unix_stream(std::move(connecting));
    if (error != EAGAIN)
      detail::throw_system_error(error, "connecting to " + peer.to_string());
    co_await sleep_for(5ms); // the queue is full, and the kernel does not tell when there is room
  }
}

std::pair<unix_stream, unix_stream> unix_stream::pair() {
  std::array<int, 2> both{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both.data()) < 0)
    detail::throw_system_error(errno, "making a pair of Unix sockets");
  auto first = std::make_unique<detail::descriptor>(both[0]);
  auto second = std::make_unique<detail::descriptor>(both[1]);
  return {unix_stream(std::move(first)), unix_stream(std::move(second))};
}

unix_address unix_stream::local() const { return detail::local_address(checked().fd()).unix_name(); }
unix_address unix_stream::peer() const { return detail::peer_address(checked().fd()).unix_name(); }

} // namespace coroscope
