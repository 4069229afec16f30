// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An origin server inside of the test: a thread a connection, blocking sockets, and a function that is its behaviour.
#pragma once

#include "socket.h"
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coroscope::testing {

class origin {
public:
  /// `serve` gets each connection, with the head of its request and what was received after it.
  struct request {
    std::string head;
    std::string body_so_far;
  };
  using behaviour = std::function<void(blocking_socket &, request)>;

  explicit origin(behaviour serve);
  origin(const origin &) = delete;
  origin &operator=(const origin &) = delete;
  /// Waits for the connections that are being served.
  ~origin();

  std::uint16_t port() const noexcept { return port_; }
  std::string url(const std::string &path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  /// The heads received so far.
  std::vector<std::string> heads() const;

private:
  void accept_all();

  behaviour serve_;
  int listening_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

/// A port of 127.0.0.1 on which nothing listens.
std::uint16_t closed_port();

} // namespace coroscope::testing
