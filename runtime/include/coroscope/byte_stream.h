// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// byte_stream: one connection, whatever its addresses are: TCP, Unix.
//
//   read_some <- bytes in order <- peer        write_all -> bytes in order -> peer        shutdown_write, close
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace coroscope {

/// A connection that it owns and closes. At any time one task may read and another one write.
///
/// A read or write that still waits when the stream is closed or destroyed throws std::system_error with
/// std::errc::operation_canceled. asyncio: `StreamReader` and `StreamWriter`.
class byte_stream {
public:
  class read_operation final : public detail::io_operation {
  public:
    std::size_t await_resume() const;

  private:
    friend byte_stream;
    read_operation(detail::descriptor &target, std::span<char> buffer) noexcept
        : io_operation(target, detail::direction::read), buffer_(buffer) {}
    bool attempt() noexcept override;
    detail::kernel_call in_kernel() const noexcept override;
    std::span<char> buffer_;
  };

  class write_operation final : public detail::io_operation {
  public:
    void await_resume() const;

  private:
    friend byte_stream;
    write_operation(detail::descriptor &target, std::string_view left) noexcept
        : io_operation(target, detail::direction::write), left_(left) {}
    bool attempt() noexcept override;
    detail::kernel_call in_kernel() const noexcept override;
    bool sent(long result) noexcept override;
    std::string_view left_;
  };

  /// Awaited: reads at least one byte into `buffer`, which is not empty and lives until then, and gives the number of
  /// bytes; 0 once the peer has finished writing. Throws std::system_error. asyncio: `StreamReader.read(n)`.
  [[nodiscard]] read_operation read_some(std::span<char> buffer) { return read_operation(checked(), buffer); }

  /// Awaited: hands all of `bytes`, which live until then, to the kernel, and so waits for a slow peer. Throws
  /// std::system_error; how much was written is then unknown. asyncio: `StreamWriter.write` and `drain`.
  [[nodiscard]] write_operation write_all(std::string_view bytes) { return write_operation(checked(), bytes); }

  /// Tells the peer that no more will be written; reading goes on. Does nothing where the connection is gone. asyncio:
  /// `StreamWriter.write_eof`.
  void shutdown_write() noexcept;
  void close() noexcept;
  bool is_open() const noexcept { return native_handle() >= 0; }
  /// For options of the socket; what else is done with it is not seen here. -1 where it is closed or was moved from.
  int native_handle() const noexcept { return descriptor_ ? descriptor_->fd() : -1; }

protected:
  explicit byte_stream(std::unique_ptr<detail::descriptor> connected) noexcept : descriptor_(std::move(connected)) {}
  /// Throws std::system_error where the stream is closed or was moved from.
  detail::descriptor &checked() const;

private:
  std::unique_ptr<detail::descriptor> descriptor_;
};

} // namespace coroscope
