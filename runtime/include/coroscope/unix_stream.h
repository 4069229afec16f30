// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unix_stream: one connection between processes of one machine.
//
//   connect(address) -> unix_stream -> read_some / write_all -> shutdown_write -> close
#pragma once

#include <coroscope/byte_stream.h>
#include <coroscope/detail/descriptor.h>
#include <coroscope/task.h>
#include <coroscope/unix_address.h>
#include <memory>
#include <utility>

namespace coroscope {

class unix_listener;

/// A connection through a Unix socket.
class unix_stream : public byte_stream {
public:
  /// Waits while the listener's queue is full. Throws std::system_error that names the address. asyncio:
  /// `open_unix_connection`.
  static task<unix_stream> connect(unix_address peer);
  /// Two streams that are each other's peer. Throws std::system_error. asyncio: `socket.socketpair`.
  static std::pair<unix_stream, unix_stream> pair();

  /// Throw std::system_error where the stream is not connected.
  unix_address local() const;
  unix_address peer() const;

private:
  friend unix_listener;
  explicit unix_stream(std::unique_ptr<detail::descriptor> connected) noexcept : byte_stream(std::move(connected)) {}
};

} // namespace coroscope
