// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls of liburing, and what the kernel does for them, that fail when a test says so. The linker leads this program's
// calls here (--wrap).
//
//   runtime -> io_uring_submit_and_… -- the one that is to fail --> -errno
//                                   \-- an entry that is to fail becomes one that does nothing --> its answer is -errno
#pragma once

#include <array>

namespace coroscope::testing {

/// The last four are entries, of which the kernel makes the call.
enum class ring_call { set_up, provide_buffers, exchange, wait, accept, poll, receive, send };
inline constexpr std::array all_ring_calls = {
    ring_call::set_up, ring_call::provide_buffers, ring_call::exchange, ring_call::wait, ring_call::accept,
    ring_call::poll,   ring_call::receive,         ring_call::send};
const char *name_of(ring_call call) noexcept;

/// Those from the `first` to the one before `end`, counted from 0, fail with `error` and do nothing. For as long as
/// this exists, one at a time.
class failing_ring_calls {
public:
  failing_ring_calls(ring_call call, int error, unsigned first, unsigned end) noexcept;
  failing_ring_calls(const failing_ring_calls &) = delete;
  failing_ring_calls &operator=(const failing_ring_calls &) = delete;
  ~failing_ring_calls();
  /// Calls that have failed.
  unsigned failed() const noexcept;
};

} // namespace coroscope::testing
