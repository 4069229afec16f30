// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of the C library that fail when a test says so. The linker leads this program's calls here (--wrap).
//
//   runtime -> recv, send, accept4 … -> counted -- not the one that is to fail --> the C library
//                                              \-- the one -----------------------> -1, errno
#pragma once

#include <array>

namespace coroscope::testing {

enum class library_call { accept4, connect, epoll_ctl, epoll_wait, eventfd, ppoll, select, recv, send, socket };
inline constexpr std::array all_library_calls = {
    library_call::accept4, library_call::connect, library_call::epoll_ctl, library_call::epoll_wait,
    library_call::eventfd, library_call::ppoll,   library_call::select,    library_call::recv,
    library_call::send,    library_call::socket};
const char *name_of(library_call call) noexcept;

/// The calls of one function from the `first` to the one before `end`, counted from 0, fail with `error` and do
/// nothing. For as long as this exists, one at a time.
class failing_calls {
public:
  failing_calls(library_call call, int error, unsigned first, unsigned end) noexcept;
  failing_calls(const failing_calls &) = delete;
  failing_calls &operator=(const failing_calls &) = delete;
  ~failing_calls();
  /// Calls that have failed.
  unsigned failed() const noexcept;
};

/// For as long as this exists, recv and send move one byte a call.
class single_bytes {
public:
  single_bytes() noexcept;
  single_bytes(const single_bytes &) = delete;
  single_bytes &operator=(const single_bytes &) = delete;
  ~single_bytes();
};

/// For as long as this exists, getaddrinfo waits; then it fails.
class hanging_look_ups {
public:
  hanging_look_ups() noexcept;
  hanging_look_ups(const hanging_look_ups &) = delete;
  hanging_look_ups &operator=(const hanging_look_ups &) = delete;
  /// Waits until those that have begun have ended.
  ~hanging_look_ups();
};

} // namespace coroscope::testing
