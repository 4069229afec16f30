// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// io_backend: by which system calls a loop does its I/O.
//
//   COROSCOPE_BACKEND=poll ./app  ->  default_backend()  ->  run(main), event_loop
#pragma once

#include <string_view>

namespace coroscope {

/// A call is tried at once, and again when its descriptor is ready. asyncio: `selectors`.
enum class io_backend {
  select,   ///< select(2): descriptors below FD_SETSIZE (1024) only
  poll,     ///< poll(2): each wait costs as much as there are descriptors
  epoll,    ///< epoll(7): each wait costs as much as there are events
  io_uring, ///< io_uring(7): each wait costs as much as there are events; needs Linux 5.19
};

/// "select", "poll", "epoll" or "io_uring".
std::string_view name_of(io_backend which) noexcept;

/// What the environment variable COROSCOPE_BACKEND names; epoll where it is not set or empty. Throws
/// std::invalid_argument where it names none.
io_backend default_backend();

} // namespace coroscope
