// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocking sockets and the origin server made of them.
#include "origin.h"
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace coroscope::testing {

namespace {

int checked(int result, const char *what) {
  if (result < 0)
    throw std::system_error(errno, std::system_category(), what);
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  checked(::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

int bound_socket() {
  const int fd = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = loopback(0);
  checked(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), "bind");
  return fd;
}

} // namespace

blocking_socket blocking_socket::connect(std::uint16_t port) {
  blocking_socket made(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  const sockaddr_in address = loopback(port);
  checked(::connect(made.fd_, reinterpret_cast<const sockaddr *>(&address), sizeof address), "connect");
  return made;
}

blocking_socket::blocking_socket(blocking_socket &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

blocking_socket::~blocking_socket() {
  if (fd_ >= 0)
    ::close(fd_);
}

void blocking_socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR)
      continue;
    checked(static_cast<int>(count < 0 ? -1 : 0), "send");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void blocking_socket::shutdown_write() const { checked(::shutdown(fd_, SHUT_WR), "shutdown"); }

void blocking_socket::reset_on_close() const {
  const linger at_once{1, 0};
  checked(::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "SO_LINGER");
}

std::string blocking_socket::receive(std::size_t longest) const {
  std::string bytes(longest, '\0');
  for (;;) {
    const ssize_t count = ::recv(fd_, bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EINTR)
      continue;
    checked(static_cast<int>(count < 0 ? -1 : 0), "recv");
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
  }
}

std::string blocking_socket::receive_until(std::string_view mark) const {
  std::string all;
  while (all.find(mark) == std::string::npos) {
    const std::string more = receive();
    if (more.empty())
      break;
    all += more;
  }
  return all;
}

std::string blocking_socket::receive_all() const {
  std::string all;
  for (std::string more = receive(); !more.empty(); more = receive())
    all += more;
  return all;
}

origin::origin(behaviour serve) : serve_(std::move(serve)), listening_(bound_socket()), port_(port_of(listening_)) {
  checked(::listen(listening_, 64), "listen");
  accepting_ = std::thread([this] { accept_all(); });
}

origin::~origin() {
  ::shutdown(listening_, SHUT_RDWR);
  accepting_.join();
  for (std::thread &each : serving_)
    each.join();
  ::close(listening_);
}

std::vector<std::string> origin::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

void origin::accept_all() {
  for (;;) {
    const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      return;
    serving_.emplace_back([this, fd] {
      blocking_socket connection(fd);
      try {
        const std::string received = connection.receive_until("\r\n\r\n");
        const auto end = received.find("\r\n\r\n");
        if (end == std::string::npos)
          return;
        request got{received.substr(0, end + 4), received.substr(end + 4)};
        {
          const std::lock_guard lock(mutex_);
          heads_.push_back(got.head);
        }
        serve_(connection, std::move(got));
      } catch (const std::system_error &) {
        // The proxy closed the connection; what that means is for the test's client to see.
      }
    });
  }
}

std::uint16_t closed_port() {
  const blocking_socket taken(bound_socket());
  return port_of(taken.fd());
}

} // namespace coroscope::testing
