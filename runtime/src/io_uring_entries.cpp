// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How each question is put, and what a turn of the loop hands over, fetches and waits for.
#include "io_uring_entries.h"
#include "pollers.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

namespace coroscope::detail {

namespace {

constexpr unsigned bits_of_kind = 3;

/// ThreadSanitizer does, until a call that it knows to wait: poll is one, liburing's are none.
#if defined(__SANITIZE_THREAD__)
constexpr bool signals_are_kept_back = true;
#elif defined(__has_feature)
constexpr bool signals_are_kept_back = __has_feature(thread_sanitizer);
#else
constexpr bool signals_are_kept_back = false;
#endif

constexpr std::uint64_t key_of(asked what, int fd) noexcept {
  return static_cast<std::uint64_t>(static_cast<unsigned>(fd)) << bits_of_kind | static_cast<std::uint64_t>(what);
}

/// The kernel that brought it also brought receiving into provided buffers again and again.
bool has_multishot_receive(io_uring &ring) noexcept {
  const std::unique_ptr<io_uring_probe, decltype(&io_uring_free_probe)> known(io_uring_get_probe_ring(&ring),
                                                                              &io_uring_free_probe);
  return known && io_uring_opcode_supported(known.get(), IORING_OP_SEND_ZC);
}

} // namespace

const char *io_uring_entries::open() noexcept {
  constexpr unsigned entries = 256;
  constexpr const char *too_old = "the kernel is older than 6.0";
  io_uring_params settings{};
  settings.flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL |
                   IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
  settings.cq_entries = 32 * entries; // the more, the larger the kernel's table in which a cancel finds its request
  if (const int result = io_uring_queue_init_params(entries, &ring_, &settings); result < 0)
    return result == -EINVAL ? too_old : std::strerror(-result);
  is_open_ = true;
  if (!has_multishot_receive(ring_))
    return too_old;
  const int result = buffers_.provide_to(ring_);
  return result < 0 ? std::strerror(-result) : nullptr;
}

io_uring_entries::~io_uring_entries() {
  if (is_open_)
    io_uring_queue_exit(&ring_);
}

void io_uring_entries::poll(asked what, int fd, unsigned events) noexcept {
  io_uring_sqe &entry = next();
  io_uring_prep_poll_add(&entry, fd, events);
  mark(entry, what, fd);
}

void io_uring_entries::wake_always(int fd) noexcept {
  io_uring_sqe &entry = next();
  io_uring_prep_poll_multishot(&entry, fd, POLLIN);
  mark(entry, asked::wake, fd);
}

void io_uring_entries::receive(int fd) noexcept {
  io_uring_sqe &entry = next();
  io_uring_prep_recv_multishot(&entry, fd, nullptr, 0, 0);
  entry.flags |= IOSQE_BUFFER_SELECT;
  entry.buf_group = provided_buffers::group;
  mark(entry, asked::read, fd);
}

void io_uring_entries::accept(int fd) noexcept {
  io_uring_sqe &entry = next();
  io_uring_prep_multishot_accept(&entry, fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  mark(entry, asked::read, fd);
}

void io_uring_entries::send(int fd, std::string_view bytes) noexcept {
  constexpr std::size_t most = 1U << 30;
  io_uring_sqe &entry = next();
  // MSG_DONTWAIT: the kernel does not wait for room with the bytes in hand.
  io_uring_prep_send(&entry, fd, bytes.data(), std::min(bytes.size(), most), MSG_NOSIGNAL | MSG_DONTWAIT);
  mark(entry, asked::send, fd);
  ++sends_;
}

void io_uring_entries::cancel(asked what, int fd) noexcept {
  io_uring_sqe &entry = next();
  io_uring_prep_cancel64(&entry, key_of(what, fd), 0);
  mark(entry, asked::nothing_of_interest, fd);
}

void io_uring_entries::cancel_all() noexcept {
  io_uring_sqe &entry = next();
  io_uring_prep_cancel64(&entry, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
  mark(entry, asked::nothing_of_interest, 0);
}

io_uring_sqe &io_uring_entries::next() noexcept {
  for (;;) {
    if (io_uring_sqe *const entry = io_uring_get_sqe(&ring_))
      return *entry;
    io_uring_submit(&ring_);
    collect();
  }
}

void io_uring_entries::mark(io_uring_sqe &entry, asked what, int fd) noexcept {
  io_uring_sqe_set_data64(&entry, key_of(what, fd));
}

void io_uring_entries::exchange() noexcept {
  io_uring_submit_and_get_events(&ring_);
  collect();
}

bool io_uring_entries::wait(std::optional<std::chrono::nanoseconds> longest) {
  look();
  collect();
  while (sends_ != 0) // not handed over, for want of memory, or their answers had no room
    exchange();
  if (!seen_.empty() || longest == std::chrono::nanoseconds::zero())
    return true;
  const int result = submit_and_wait(longest);
  if (result == -EINTR)
    return false; // what the handler posted comes before what it woke
  if (result < 0 && result != -ETIME && result != -EBUSY && result != -EAGAIN && result != -ENOMEM)
    throw std::system_error(-result, std::system_category(), "coroscope: waiting for events failed");
  collect();
  return true;
}

/// Makes a system call only where there is something to hand over or to fetch. It does not wait: where a call that
/// hands something over is interrupted as it waits, liburing waits on.
void io_uring_entries::look() noexcept {
  io_uring_cqe *first = nullptr;
  if (io_uring_sq_ready(&ring_) != 0)
    io_uring_submit_and_get_events(&ring_);
  else
    io_uring_peek_cqe(&ring_, &first);
}

int io_uring_entries::submit_and_wait(std::optional<std::chrono::nanoseconds> longest) noexcept {
  io_uring_cqe *first = nullptr;
  __kernel_timespec limit{};
  const time_to_wait time(longest);
  if (time.get())
    limit = {time.get()->tv_sec, time.get()->tv_nsec};
  if (signals_are_kept_back && io_uring_sq_ready(&ring_) == 0) {
    pollfd answers{ring_.ring_fd, POLLIN, 0};
    if (::ppoll(&answers, 1, time.get(), nullptr) < 0)
      return -errno;
    limit = {};
    return io_uring_submit_and_wait_timeout(&ring_, &first, 1, &limit, nullptr);
  }
  return io_uring_submit_and_wait_timeout(&ring_, &first, 1, time.get() ? &limit : nullptr, nullptr);
}

void io_uring_entries::collect() noexcept {
  unsigned head = 0;
  unsigned count = 0;
  const io_uring_cqe *entry = nullptr;
  io_uring_for_each_cqe(&ring_, head, entry) {
    const auto what = static_cast<asked>(entry->user_data & ((1U << bits_of_kind) - 1));
    if (what == asked::send)
      --sends_;
    if (what != asked::nothing_of_interest)
      seen_.push_back({what, static_cast<int>(entry->user_data >> bits_of_kind), entry->res, entry->flags});
    ++count;
  }
  io_uring_cq_advance(&ring_, count);
}

} // namespace coroscope::detail
