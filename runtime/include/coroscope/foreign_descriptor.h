// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// foreign_descriptor: when may a call succeed on a file descriptor that belongs to other code?
//
//   fd of another library -> foreign_descriptor -> co_await readable() -> the library makes its call
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <memory>
#include <utility>

namespace coroscope {

/// Tasks wait on it; it reads and writes nothing. It keeps a duplicate, so the file stays open as long as this exists,
/// whatever becomes of the descriptor that it was made from. At any time one task may wait for each direction. A wait
/// that goes on when this is destroyed throws std::system_error with std::errc::operation_canceled. asyncio:
/// `add_reader`, `add_writer`.
class foreign_descriptor {
public:
  /// Throws std::system_error where `fd` is not open.
  explicit foreign_descriptor(int fd);

  class ready_operation final : public detail::io_operation {
  public:
    void await_resume() const;

  private:
    friend foreign_descriptor;
    ready_operation(detail::descriptor &target, detail::direction way) noexcept
        : io_operation(target, way), asked_(way) {}
    bool attempt() noexcept override;
    detail::direction asked_;
  };

  /// Awaited: waits until a call may succeed in that direction or will fail at once, which may be so already. It need
  /// not succeed: somebody else may have been faster. Throws std::system_error, also for a file that cannot be waited
  /// on.
  [[nodiscard]] ready_operation readable() { return ready_operation(*descriptor_, detail::direction::read); }
  [[nodiscard]] ready_operation writable() { return ready_operation(*descriptor_, detail::direction::write); }

private:
  std::unique_ptr<detail::descriptor> descriptor_;
};

} // namespace coroscope
