// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file descriptor and the operations that wait on it.
#pragma once

#include <coroscope/detail/intrusive_list.h>
#include <coroutine>
#include <memory>

namespace coroscope::detail {

class io_operation;
class poller;

/// Owns a non-blocking file descriptor. Its address is what the kernel gives back, so it does not move.
class descriptor : public list_node {
public:
  /// Takes the file descriptor over.
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  ~descriptor() { close(); }

  /// -1 once closed.
  int fd() const noexcept { return fd_; }

  /// Operations that still wait end with ECANCELED. Closing twice does nothing.
  void close() noexcept;

private:
  friend poller;
  friend io_operation;
  int fd_;
  poller *poller_ = nullptr;
  intrusive_list<io_operation> readers_;
  intrusive_list<io_operation> writers_;
};

} // namespace coroscope::detail
