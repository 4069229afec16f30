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

namespace coroscope {

class tcp_listener;

/// A TCP connection. What is written is sent at once, however little it is.
class tcp_stream : public byte_stream {
public:
  /// Connects to the first address of `host`, a name or a numeric address, that takes the connection. Throws
  /// std::system_error, the one of the last address tried. asyncio: `open_connection`.
  static task<tcp_stream> connect(std::string host, std::uint16_t port);
  /// Throws std::system_error.
  static task<tcp_stream> connect(ip_endpoint peer);

  /// Throw std::system_error where the stream is not connected.
  ip_endpoint local() const;
  ip_endpoint peer() const;

private:
  friend tcp_listener;
  explicit tcp_stream(std::unique_ptr<detail::descriptor> connected) noexcept : byte_stream(std::move(connected)) {}
};

} // namespace coroscope
