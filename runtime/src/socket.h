// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What streams and listeners ask of the socket calls.
//
//   ip_endpoint, unix_address <-> socket_address (what the kernel takes)
//   host, port  ->  resolve_and_block -> ip_endpoints
#pragma once

#include <coroscope/ip_address.h>
#include <coroscope/unix_address.h>
#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <vector>

namespace coroscope::detail {

/// An address as the kernel takes it.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  socket_address() = default;
  explicit socket_address(const ip_endpoint &endpoint) noexcept;
  explicit socket_address(const unix_address &address) noexcept;

  sockaddr *data() noexcept { return reinterpret_cast<sockaddr *>(&storage); }
  const sockaddr *data() const noexcept { return reinterpret_cast<const sockaddr *>(&storage); }
  ip_endpoint endpoint() const noexcept;
  unix_address unix_name() const;
};

/// A new non-blocking TCP socket of the address's family. Throws std::system_error.
int make_tcp_socket(const ip_address &address);
/// Small writes are sent at once.
void send_at_once(int fd) noexcept;
/// A new non-blocking Unix socket for a stream. Throws std::system_error.
int make_unix_socket();
/// Throw std::system_error.
socket_address local_address(int fd);
socket_address peer_address(int fd);

/// The addresses of a host, as the system's resolver says, which blocks. Throws std::system_error that names the host;
/// never gives an empty list.
std::vector<ip_endpoint> resolve_and_block(const std::string &host, std::uint16_t port);

[[noreturn]] void throw_system_error(int error, const std::string &what);

} // namespace coroscope::detail
