// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// tcp_stream: one TCP connection.
//
//   connect(host, port) -> tcp_stream -> read_some / write_all -> shutdown_write -> close
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <coroscope/ip_address.h>
#include <coroscope/task.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace coroscope {

class tcp_listener;

/// A connection that it owns and closes. At any time one task may read and another one write.
///
/// A read or write that still waits when the stream is closed or destroyed throws std::system_error with
/// std::errc::operation_canceled.
class tcp_stream {
public:
  /// Connects to the first address of `host`, a name or a numeric address, that takes the connection. Throws
  /// std::system_error, the one of the last address tried. asyncio: `open_connection`.
  static task<tcp_stream> connect(std::string host, std::uint16_t port);
  /// Throws std::system_error.
  static task<tcp_stream> connect(ip_endpoint peer);

  class read_operation final : public detail::io_operation {
  public:
    std::size_t await_resume() const;

  private:
    friend tcp_stream;
    read_operation(detail::descriptor &target, std::span<char> buffer) noexcept
        : io_operation(target, detail::direction::read), buffer_(buffer) {}
    bool attempt() noexcept override;
    std::span<char> buffer_;
  };

  class write_operation final : public detail::io_operation {
  public:
    void await_resume() const;

  private:
    friend tcp_stream;
    write_operation(detail::descriptor &target, std::string_view left) noexcept
        : io_operation(target, detail::direction::write), left_(left) {}
    bool attempt() noexcept override;
    std::string_view left_;
  };

  /// Awaited: reads at least one byte into `buffer`, which is not empty and lives until then, and gives the number of
  /// bytes; 0 once the peer has finished writing. Throws std::system_error.
  [[nodiscard]] read_operation read_some(std::span<char> buffer) { return read_operation(checked(), buffer); }

  /// Awaited: hands all of `bytes`, which live until then, to the kernel, and so waits for a slow peer. Throws
  /// std::system_error; how much was written is then unknown.
  [[nodiscard]] write_operation write_all(std::string_view bytes) { return write_operation(checked(), bytes); }

  /// Tells the peer that no more will be written; reading goes on. Does nothing where the connection is gone.
  void shutdown_write() noexcept;
  void close() noexcept;
  bool is_open() const noexcept { return descriptor_ && descriptor_->fd() >= 0; }

  /// Throw std::system_error where the stream is not connected.
  ip_endpoint local() const;
  ip_endpoint peer() const;

private:
  friend tcp_listener;
  explicit tcp_stream(std::unique_ptr<detail::descriptor> connected) noexcept : descriptor_(std::move(connected)) {}
  detail::descriptor &checked() const;

  std::unique_ptr<detail::descriptor> descriptor_;
};

} // namespace coroscope
