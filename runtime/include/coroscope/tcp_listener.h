// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tcp_listener: where TCP connections come in.
//
//   bind(endpoint) -> tcp_listener -> accept -> tcp_stream
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/ip_address.h>
#include <coroscope/task.h>
#include <coroscope/tcp_stream.h>
#include <cstdint>
#include <memory>

namespace coroscope {

/// A socket that listens. Closed when it is destroyed; an accept that still waits then throws std::system_error with
/// std::errc::operation_canceled.
class tcp_listener {
public:
  /// Port 0 lets the system choose one. Throws std::system_error.
  static tcp_listener bind(const ip_endpoint &local);
  /// The same for an address that any number of this user's listeners may have at once, if each was made so: the kernel
  /// spreads the connections over those that exist. For one a loop, as with run_on_cores. A connection that waits in
  /// the queue of one that is closed is reset. asyncio: `reuse_port`. [SO_REUSEPORT]
  static tcp_listener bind_shared(const ip_endpoint &local);

  /// Waits for the next connection. Where the process or the system is out of descriptors or memory it says so on
  /// stderr, pauses and tries again, so that a server goes on serving. Where the listener is closed or destroyed in
  /// such a pause, of 50 ms, it throws after that. Throws std::system_error. asyncio: `start_server`.
  task<tcp_stream> accept();

  void close() noexcept;
  /// For options of the socket; what else is done with it is not seen here. -1 where it is closed or was moved from.
  int native_handle() const noexcept { return descriptor_ ? descriptor_->fd() : -1; }
  /// Throw std::system_error where the listener is closed.
  ip_endpoint local() const;
  std::uint16_t local_port() const { return local().port; }

private:
  static tcp_listener bind(const ip_endpoint &local, bool shared);
  explicit tcp_listener(std::shared_ptr<detail::descriptor> listening) noexcept : descriptor_(std::move(listening)) {}

  std::shared_ptr<detail::descriptor> descriptor_;
};

} // namespace coroscope
