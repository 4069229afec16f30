// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tcp_stream: one TCP connection.
//
//   connect(host, port) -> tcp_stream -> read_some / write_all -> shutdown_write -> close
#pragma once

#include <coroscope/byte_stream.h>
#include <coroscope/detail/descriptor.h>
#include <coroscope/ip_address.h>
#include <coroscope/task.h>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coroscope {

class tcp_listener;

/// A TCP connection. What is written is sent at once, however little it is.
class tcp_stream : public byte_stream {
public:
  /// Connects to the address of `host`, a name or a numeric address, that answers first: see the next one. Throws what
  /// resolve() and the next one throw. asyncio: `open_connection` with `happy_eyeballs_delay`.
  static task<tcp_stream> connect(std::string host, std::uint16_t port);
  /// Connects to the first of `peers` that takes the connection. They are tried one after the other, IPv6 and IPv4 in
  /// turn, the next one when the last has failed or has not answered for 250 ms; those that are still being tried when
  /// one has connected are cancelled, and have ended. [RFC 8305] Throws std::system_error: the one error, or that of
  /// the first to fail, with all of them in its text; std::invalid_argument where there are none.
  static task<tcp_stream> connect(std::vector<ip_endpoint> peers);
  /// Throws std::system_error that names the address.
  static task<tcp_stream> connect(ip_endpoint peer);

  /// Throw std::system_error where the stream is not connected.
  ip_endpoint local() const;
  ip_endpoint peer() const;

private:
  friend tcp_listener;
  explicit tcp_stream(std::unique_ptr<detail::descriptor> connected) noexcept : byte_stream(std::move(connected)) {
    checked().short_reads_drain();
  }
};

} // namespace coroscope
