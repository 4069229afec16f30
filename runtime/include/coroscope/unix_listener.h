// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unix_listener: where connections through a Unix socket come in.
//
//   bind(address) -> unix_listener -> accept -> unix_stream
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/task.h>
#include <coroscope/unix_address.h>
#include <coroscope/unix_stream.h>
#include <cstdint>
#include <memory>

namespace coroscope {

/// A socket that listens. When it is closed or destroyed, an accept that still waits throws std::system_error with
/// std::errc::operation_canceled, and the socket file that it made is removed, unless another has taken its place.
class unix_listener {
public:
  /// Throws std::system_error that names the address: address_in_use where something has that path already, if only
  /// the socket file of a process that was killed, or listens under that abstract name.
  static unix_listener bind(const unix_address &local);

  unix_listener(unix_listener &&other) noexcept = default;
  unix_listener &operator=(unix_listener &&other) noexcept;
  ~unix_listener() { close(); }

  /// Waits for the next connection, as tcp_listener::accept does. asyncio: `start_unix_server`.
  task<unix_stream> accept();

  void close() noexcept;
  /// For options of the socket; what else is done with it is not seen here. -1 where it is closed or was moved from.
  int native_handle() const noexcept { return descriptor_ ? descriptor_->fd() : -1; }
  const unix_address &local() const noexcept { return local_; }

private:
  unix_listener(std::shared_ptr<detail::descriptor> listening, const unix_address &local);
  /// Which file the path names: device and inode; zeros where there is none.
  struct file_id {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const file_id &, const file_id &) = default;
  };
  file_id file_now() const noexcept;

  std::shared_ptr<detail::descriptor> descriptor_;
  unix_address local_;
  file_id file_;
};

} // namespace coroscope
