// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a connection comes about, whatever its addresses are.
//
//   descriptor, socket_address -> connect_operation -> 0 or an error
//   listening descriptor       -> accept_connection -> descriptor of the connection
#pragma once

#include "socket.h"
#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <coroscope/task.h>
#include <memory>

namespace coroscope::detail {

/// connect(2), until the connection stands or has failed. Asking again is how the outcome is learnt.
class connect_operation final : public io_operation {
public:
  connect_operation(descriptor &target, const socket_address &peer) noexcept
      : io_operation(target, direction::write), peer_(peer) {}
  /// 0, or the errno.
  int await_resume() const {
    end();
    return static_cast<int>(-result());
  }

private:
  bool attempt() noexcept override;
  socket_address peer_;
};

/// Waits for the next connection. Where the process or the system is out of descriptors or memory it says so on stderr,
/// pauses and tries again. Throws std::system_error: EBADF where `listener` is null or closed, ECANCELED where it is
/// closed or destroyed meanwhile. Not its owner, which may close it at any time by letting go of it.
task<std::unique_ptr<descriptor>> accept_connection(std::weak_ptr<descriptor> listener);

/// A bound socket listens from here on. Throws std::system_error that names the address.
void bind_and_listen(descriptor &target, const socket_address &local, const std::string &name);

} // namespace coroscope::detail
