// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A peer without an event loop: each of its calls has taken effect when it returns.
#pragma once

#include <catch2/catch.hpp>
#include <coroscope/tcp_listener.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace coroscope::testing {

/// A plain socket, connected before the constructor returns; what it sends has arrived when send() returns.
class plain_client {
public:
  explicit plain_client(const tcp_listener &listener) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener.local_port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0);
  }
  plain_client(const plain_client &) = delete;
  plain_client &operator=(const plain_client &) = delete;
  ~plain_client() { finish(); }

  void send(std::string_view bytes, int flags = 0) const {
    REQUIRE(::send(fd_, bytes.data(), bytes.size(), flags) == static_cast<ssize_t>(bytes.size()));
  }
  void shutdown_write() const { REQUIRE(::shutdown(fd_, SHUT_WR) == 0); }
  void finish() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }
  /// Ends the connection at once, with RST.
  void reset() {
    const linger at_once{1, 0};
    REQUIRE(::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    finish();
  }

private:
  int fd_;
};

} // namespace coroscope::testing
