// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Socket addresses, socket options and name resolution.
#include "socket.h"
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <system_error>

namespace coroscope::detail {

namespace {

class resolver_category_type final : public std::error_category {
public:
  const char *name() const noexcept override { return "getaddrinfo"; }
  std::string message(int code) const override { return ::gai_strerror(code); }
};
/// Never destroyed: a look-up that nobody waits for may end when the program does.
const resolver_category_type &resolver_category = *new resolver_category_type;

using socket_call = int (*)(int, sockaddr *, socklen_t *);

socket_address address_of(int fd, socket_call call, const char *which) {
  socket_address address;
  if (call(fd, address.data(), &address.size) < 0)
    throw_system_error(errno, std::string("asking a socket for its ") + which + " address");
  return address;
}

} // namespace

void throw_system_error(int error, const std::string &what) {
  throw std::system_error(error, std::system_category(), "coroscope: " + what);
}

socket_address::socket_address(const ip_endpoint &endpoint) noexcept {
  const auto &bytes = endpoint.address.bytes();
  if (endpoint.address.is_v6()) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    v6.sin6_scope_id = endpoint.address.zone();
    std::memcpy(&v6.sin6_addr, bytes.data(), 16);
    std::memcpy(&storage, &v6, size = sizeof v6);
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, bytes.data(), 4);
    std::memcpy(&storage, &v4, size = sizeof v4);
  }
}

ip_endpoint socket_address::endpoint() const noexcept {
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &storage, sizeof v6);
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return {ip_address::v6(bytes, v6.sin6_scope_id), ntohs(v6.sin6_port)};
  }
  sockaddr_in v4;
  std::memcpy(&v4, &storage, sizeof v4);
  std::array<std::uint8_t, 4> bytes;
  std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
  return {ip_address::v4(bytes), ntohs(v4.sin_port)};
}

socket_address::socket_address(const unix_address &address) noexcept {
  sockaddr_un named{};
  named.sun_family = AF_UNIX;
  const std::string &text = address.text();
  const bool abstract = address.what() == unix_address::kind::abstract; // a zero byte, and then the name alone
  std::memcpy(named.sun_path + (abstract ? 1 : 0), text.data(), text.size());
  const bool unnamed = address.what() == unix_address::kind::unnamed;
  size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + (unnamed ? 0 : text.size() + 1));
  std::memcpy(&storage, &named, sizeof named);
}

unix_address socket_address::unix_name() const {
  sockaddr_un named;
  std::memcpy(&named, &storage, sizeof named);
  if (size <= offsetof(sockaddr_un, sun_path))
    return {};
  const std::size_t length = size - offsetof(sockaddr_un, sun_path);
  if (named.sun_path[0] == '\0')
    return unix_address::abstract(std::string(named.sun_path + 1, length - 1));
  return unix_address::path(std::string(named.sun_path, ::strnlen(named.sun_path, length)));
}

int make_tcp_socket(const ip_address &address) {
  const int fd = ::socket(address.is_v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    throw_system_error(errno, "making a TCP socket for " + address.to_string());
  return fd;
}

int make_unix_socket() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    throw_system_error(errno, "making a Unix socket");
  return fd;
}

void send_at_once(int fd) noexcept {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

socket_address local_address(int fd) { return address_of(fd, ::getsockname, "local"); }
socket_address peer_address(int fd) { return address_of(fd, ::getpeername, "peer's"); }

std::vector<ip_endpoint> resolve_and_block(const std::string &host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo *found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  if (error == EAI_SYSTEM)
    throw_system_error(errno, "resolving the host '" + host + "'");
  if (error != 0)
    throw std::system_error(error, resolver_category, "coroscope: resolving the host '" + host + "'");

  std::vector<ip_endpoint> endpoints;
  for (const addrinfo *entry = found; entry; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6)
      continue;
    socket_address address;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    endpoints.push_back({address.endpoint().address, port});
  }
  if (endpoints.empty())
    throw std::system_error(EAI_NONAME, resolver_category, "coroscope: resolving the host '" + host + "'");
  return endpoints;
}

} // namespace coroscope::detail
