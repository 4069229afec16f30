// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands between the runtime and liburing: __wrap_f is called for f, and __real_f is f.
#include "ring_faults.h"
#include "failure_plan.h"
#include <cstddef>
#include <cstdint>
#include <liburing.h>
#include <vector>

namespace coroscope::testing {

namespace {

failure_plan<ring_call> now; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): the C library has no objects

bool is_entry_that_fails(const io_uring_sqe &entry) noexcept {
  switch (entry.opcode) {
  case IORING_OP_ACCEPT:
    return now.fails(ring_call::accept);
  case IORING_OP_POLL_ADD:
    return entry.len == 0 &&
           now.fails(ring_call::poll); // not the one that wakes the loop, which has IORING_POLL_ADD_MULTI
  case IORING_OP_RECV:
    return now.fails(ring_call::receive);
  case IORING_OP_SEND:
    return now.fails(ring_call::send);
  default:
    return false;
  }
}

/// Those that are to fail become entries that do nothing. What they are answered under.
std::vector<std::uint64_t> disarm(io_uring &ring) {
  std::vector<std::uint64_t> disarmed;
  for (unsigned at = *ring.sq.khead; at != ring.sq.sqe_tail; ++at) {
    io_uring_sqe &entry = ring.sq.sqes[at & ring.sq.ring_mask];
    if (!is_entry_that_fails(entry))
      continue;
    disarmed.push_back(entry.user_data);
    io_uring_prep_nop(&entry);
    entry.user_data = disarmed.back();
  }
  return disarmed;
}

void answer(io_uring &ring, const std::vector<std::uint64_t> &disarmed) noexcept {
  for (unsigned at = *ring.cq.khead; at != io_uring_smp_load_acquire(ring.cq.ktail); ++at)
    for (const std::uint64_t each : disarmed)
      if (io_uring_cqe &seen = ring.cq.cqes[at & ring.cq.ring_mask]; seen.user_data == each)
        seen.res = -now.error;
}

/// A call that hands entries over.
template <class Call> int hand_over(ring_call what, io_uring &ring, Call call) {
  if (now.fails(what))
    return -now.error;
  const std::vector<std::uint64_t> disarmed = disarm(ring);
  const int result = call();
  answer(ring, disarmed);
  return result;
}

} // namespace

const char *name_of(ring_call call) noexcept {
  constexpr std::array names = {"set_up", "provide_buffers", "exchange", "wait", "accept", "poll", "receive", "send"};
  return names[static_cast<std::size_t>(call)];
}

failing_ring_calls::failing_ring_calls(ring_call call, int error, unsigned first, unsigned end) noexcept {
  now = {call, error, first, end};
}
failing_ring_calls::~failing_ring_calls() { now.error = 0; }
unsigned failing_ring_calls::failed() const noexcept { return now.failed; }

} // namespace coroscope::testing

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
using coroscope::testing::hand_over;
using coroscope::testing::now;
using coroscope::testing::ring_call;

extern "C" {

int __real_io_uring_queue_init_params(unsigned, io_uring *, io_uring_params *);
int __wrap_io_uring_queue_init_params(unsigned entries, io_uring *ring, io_uring_params *settings) {
  return now.fails(ring_call::set_up) ? -now.error : __real_io_uring_queue_init_params(entries, ring, settings);
}

int __real_io_uring_register_buf_ring(io_uring *, io_uring_buf_reg *, unsigned);
int __wrap_io_uring_register_buf_ring(io_uring *ring, io_uring_buf_reg *memory, unsigned flags) {
  return now.fails(ring_call::provide_buffers) ? -now.error : __real_io_uring_register_buf_ring(ring, memory, flags);
}

int __real_io_uring_submit_and_get_events(io_uring *);
int __wrap_io_uring_submit_and_get_events(io_uring *ring) {
  return hand_over(ring_call::exchange, *ring, [&] { return __real_io_uring_submit_and_get_events(ring); });
}

int __real_io_uring_submit_and_wait_timeout(io_uring *, io_uring_cqe **, unsigned, __kernel_timespec *, sigset_t *);
int __wrap_io_uring_submit_and_wait_timeout(io_uring *ring, io_uring_cqe **first, unsigned count,
                                            __kernel_timespec *limit, sigset_t *mask) {
  return hand_over(ring_call::wait, *ring,
                   [&] { return __real_io_uring_submit_and_wait_timeout(ring, first, count, limit, mask); });
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
