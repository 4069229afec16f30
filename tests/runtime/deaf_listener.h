// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An address that says neither yes nor no.
#pragma once

#include <catch2/catch.hpp>
#include <coroscope/ip_address.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace coroscope::testing {

/// A listener that leaves connections unanswered, since its queue is full.
class deaf_listener {
public:
  deaf_listener() : listening_(::socket(AF_INET, SOCK_STREAM, 0)), in_queue_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *const any = reinterpret_cast<sockaddr *>(&address);
    REQUIRE(::bind(listening_, any, size) == 0);
    REQUIRE(::listen(listening_, 0) == 0);
    REQUIRE(::getsockname(listening_, any, &size) == 0);
    REQUIRE(::connect(in_queue_, any, size) == 0);
    local = {ip_address::loopback(), ntohs(address.sin_port)};
  }
  deaf_listener(const deaf_listener &) = delete;
  deaf_listener &operator=(const deaf_listener &) = delete;
  ~deaf_listener() {
    ::close(in_queue_);
    ::close(listening_);
  }
  ip_endpoint local;

private:
  int listening_, in_queue_;
};

} // namespace coroscope::testing
