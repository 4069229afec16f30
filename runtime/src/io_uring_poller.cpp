// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// io_uring: which descriptors have become ready, told by entries in memory that the kernel shares.
//
//   descriptor -> one multishot POLL_ADD -> an entry for each edge -> its operations try again
//
// One system call hands over what is new and waits, with its limit. A turn for which nothing has come makes none.
#include "pollers.h"
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <liburing.h>
#include <poll.h>
#include <system_error>
#include <vector>

namespace coroscope::detail {

namespace {

/// The kernel gives it back with each entry. A descriptor that was closed has left a generation behind.
enum class entry_kind : std::uint64_t { of_no_interest, wake, descriptor };

constexpr std::uint64_t key_of(int fd, std::uint32_t generation) noexcept {
  return std::uint64_t{generation} << 34 | static_cast<std::uint64_t>(static_cast<unsigned>(fd)) << 2 |
         static_cast<std::uint64_t>(entry_kind::descriptor);
}

class io_uring_poller final : public poller {
public:
  explicit io_uring_poller(const io_uring &ring) : ring_(ring) { watch_wake(); }
  ~io_uring_poller() override {
    io_uring_sqe &entry = next_entry();
    io_uring_prep_cancel64(&entry, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
    submit_now(entry);
    io_uring_queue_exit(&ring_);
  }

  io_backend kind() const noexcept override { return io_backend::io_uring; }

private:
  struct watched {
    descriptor *target = nullptr;
    std::uint32_t generation = 0;
  };

  void watch(descriptor &target) override {
    const auto fd = static_cast<std::size_t>(target.fd());
    if (fd >= watched_.size())
      watched_.resize(fd + 1);
    watched_[fd].target = &target;
    ended(target); // an entry does not tell an urgent byte from any other, so each call is tried
    poll_always(target.fd(), POLLIN | POLLOUT | POLLRDHUP, key_of(target.fd(), watched_[fd].generation));
  }
  void watch_wake() noexcept { poll_always(wake_fd(), POLLIN, static_cast<std::uint64_t>(entry_kind::wake)); }

  /// The kernel has let go of the file when this returns, so that to close it closes it.
  void unwatch(descriptor &target) noexcept override {
    watched &left = watched_[static_cast<std::size_t>(target.fd())];
    const std::uint64_t key = key_of(target.fd(), left.generation);
    left = {nullptr, (left.generation + 1) & ((1U << 30) - 1)};
    io_uring_sqe &entry = next_entry();
    io_uring_prep_poll_remove(&entry, key);
    submit_now(entry);
  }

  void poll_always(int fd, unsigned events, std::uint64_t key) noexcept {
    io_uring_sqe &entry = next_entry();
    io_uring_prep_poll_multishot(&entry, fd, events);
    io_uring_sqe_set_data64(&entry, key);
  }

  void submit_now(io_uring_sqe &entry) noexcept {
    io_uring_sqe_set_data64(&entry, static_cast<std::uint64_t>(entry_kind::of_no_interest));
    io_uring_submit_and_get_events(&ring_);
    collect();
  }

  io_uring_sqe &next_entry() noexcept {
    for (;;) {
      if (io_uring_sqe *const entry = io_uring_get_sqe(&ring_))
        return *entry;
      io_uring_submit(&ring_);
      collect();
    }
  }

  std::size_t wait(std::optional<std::chrono::nanoseconds> longest) override {
    const bool at_once = !seen_.empty() || longest == std::chrono::nanoseconds::zero();
    const int result = at_once ? look() : submit_and_wait(time_to_wait(longest).get());
    if (result == -EINTR)
      return 0; // what the handler posted comes before what it woke
    if (result < 0 && result != -ETIME && result != -EBUSY && result != -EAGAIN)
      throw std::system_error(-result, std::system_category(), "coroscope: waiting for events failed");
    collect();
    return seen_.size();
  }

  /// Makes a system call only where there is something to hand over or to fetch.
  int look() noexcept {
    if (io_uring_sq_ready(&ring_) != 0)
      return io_uring_submit_and_get_events(&ring_);
    io_uring_cqe *first = nullptr;
    return io_uring_peek_cqe(&ring_, &first);
  }
  int submit_and_wait(const timespec *longest) noexcept {
    io_uring_cqe *first = nullptr;
    __kernel_timespec limit{};
    if (longest)
      limit = {longest->tv_sec, longest->tv_nsec};
    return io_uring_submit_and_wait_timeout(&ring_, &first, 1, longest ? &limit : nullptr, nullptr);
  }

  void collect() noexcept {
    unsigned head = 0;
    unsigned count = 0;
    const io_uring_cqe *entry = nullptr;
    io_uring_for_each_cqe(&ring_, head, entry) {
      seen_.push_back({entry->user_data, entry->res, (entry->flags & IORING_CQE_F_MORE) != 0});
      ++count;
    }
    io_uring_cq_advance(&ring_, count);
  }

  void dispatch() override {
    handled_.swap(seen_); // to hand over an entry may bring more
    for (const happened &event : handled_)
      handle(event);
    handled_.clear();
  }

  struct happened {
    std::uint64_t key;
    int result; ///< poll's events, or -errno
    bool more;  ///< the kernel goes on telling; else it must be asked anew
  };

  void handle(const happened &event) noexcept {
    switch (static_cast<entry_kind>(event.key & 3)) {
    case entry_kind::of_no_interest:
      return;
    case entry_kind::wake:
      fall_asleep_again();
      if (!event.more)
        watch_wake();
      return;
    case entry_kind::descriptor:
      break;
    }
    const auto fd = static_cast<std::uint32_t>(event.key >> 2);
    const watched &of = watched_[fd];
    if (!of.target || key_of(static_cast<int>(fd), of.generation) != event.key)
      return;
    became_ready(event, *of.target);
  }

  void became_ready(const happened &event, descriptor &target) noexcept {
    constexpr int broken = POLLHUP | POLLERR;
    const bool unknown = event.result < 0; // a thread in which the loop ran before has ended, or the entries ran over
    poller::became_ready(target, unknown || (event.result & (POLLIN | POLLRDHUP | broken)) != 0,
                         unknown || (event.result & (POLLOUT | broken)) != 0);
    if (!event.more)
      poll_always(target.fd(), POLLIN | POLLOUT | POLLRDHUP, event.key);
  }

  io_uring ring_;
  std::vector<watched> watched_; ///< by file descriptor
  std::vector<happened> seen_;
  std::vector<happened> handled_;
};

} // namespace

std::unique_ptr<poller> make_io_uring_poller(std::string &reason) {
  constexpr unsigned entries = 256;
  io_uring_params settings{};
  settings.flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
  settings.cq_entries = 4 * entries;
  io_uring ring{};
  if (const int result = io_uring_queue_init_params(entries, &ring, &settings); result < 0) {
    reason = result == -EINVAL ? "the kernel is older than 5.19" : std::strerror(-result);
    return nullptr;
  }
  return std::make_unique<io_uring_poller>(ring);
}

} // namespace coroscope::detail
