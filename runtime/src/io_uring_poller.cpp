// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// io_uring: the kernel makes the calls, many of them in one system call.
//
//   the first read waits   -> multishot RECV into provided buffers -> a piece   -> the one who reads it
//   the first accept waits -> multishot ACCEPT, while any waits    -> a socket  -> the one who accepts it
//   a write waits          -> SEND -> how many bytes; where there was no room, POLL_ADD -> it tries again
//   anything else waits    -> POLL_ADD -> it tries again
//
// What comes while nobody asks for it is kept with the descriptor. A SEND has ended when the call that handed it over
// has returned, so no wait has memory in the kernel's hands, and each can be taken back at once.
#include "io_uring_entries.h"
#include "pollers.h"
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <poll.h>
#include <utility>
#include <vector>

namespace coroscope::detail {

namespace {

/// This kernel does not do that again and again with this file.
bool is_refusal(int result) noexcept { return result == -EAGAIN || result == -EINVAL || result == -EOPNOTSUPP; }

/// What receiving has come to. Else it may go on: the buffers are all full, or it was taken back, or the thread in
/// which the loop ran before has ended.
bool is_end(int result) noexcept {
  return result <= 0 && !is_refusal(result) && result != -ENOBUFS && result != -ECANCELED && result != -EINTR;
}

/// A stream that has so many bytes which nobody has read is not received from until somebody has.
constexpr std::size_t most_unread = 16 * 1024;
/// Where bytes come faster than they are read, or more at once than a buffer holds, it is cheaper to be told that there
/// are some and to read them at one go: so often, and then receiving is tried again.
constexpr std::uint8_t polls_for_bulk = 32;
constexpr std::uint8_t polls_for_refusal = 255;

/// Writes to so many streams in a turn are handed over together; fewer are cheaper one by one.
constexpr unsigned enough_to_share = 4;

class io_uring_poller final : public poller {
public:
  explicit io_uring_poller(std::unique_ptr<io_uring_entries> opened)
      : poller(kind_of_kernel::makes_calls), entries_(std::move(opened)) {
    entries_->wake_always(wake_fd());
  }
  /// What has come stays with the descriptors.
  ~io_uring_poller() override {
    entries_->cancel_all();
    do {
      entries_->exchange();
      for (const answer &each : entries_->seen())
        if (each.to != asked::wake)
          keep(each);
      entries_->seen().clear();
    } while (in_hand_ != 0);
  }

  io_backend kind() const noexcept override { return io_backend::io_uring; }

private:
  enum class reading : std::uint8_t { nothing, receives, accepts, polls };
  enum class writing : std::uint8_t { nothing, sends, polls };

  /// What the kernel has in hand for a descriptor.
  struct watched {
    descriptor *target = nullptr;
    reading reads = reading::nothing;
    writing writes = writing::nothing;
    std::uint32_t last_write = 0; ///< the turn in which it began
    std::uint8_t polls_left = 0;  ///< so often it is not asked for more than that for those that read
    bool stops = false;           ///< what it has in hand for those that read is being taken back
    bool full = false;            ///< it had no room for the last write
    bool is_due = false;
    bool has_answers = false; ///< among those that were seen and are to be handled
  };
  watched &of(int fd) noexcept { return watched_[static_cast<std::size_t>(fd)]; }

  void watch(descriptor &target) override {
    if (static_cast<std::size_t>(target.fd()) >= watched_.size())
      watched_.resize(static_cast<std::size_t>(target.fd()) + 1);
    of(target.fd()).target = &target;
    told_when_ready(target, direction::write);
  }

  /// The kernel has let go of the file when this returns, so that to close it closes it.
  void unwatch(descriptor &target) noexcept override {
    watched &left = of(target.fd());
    keep_answers(target.fd());
    if (left.reads != reading::nothing)
      entries_->cancel(asked::read, target.fd());
    if (left.writes != writing::nothing)
      entries_->cancel(asked::room, target.fd());
    while (left.reads != reading::nothing || left.writes != writing::nothing) {
      entries_->exchange();
      keep_answers(target.fd());
    }
    left = {};
  }

  void has_begun(descriptor &target) override {
    watched &now = of(target.fd());
    if (now.writes == writing::nothing && has_writers(target) && first_write(target).what == kernel_call::kind::send) {
      writers_ += std::exchange(now.last_write, turn_) != turn_;
      if (!now.full && writers_before_ < enough_to_share)
        now.full = !tried_write(target);
    }
    if ((now.reads == reading::nothing && has_readers(target)) ||
        (now.writes == writing::nothing && has_writers(target)))
      look_at_before_waiting(target.fd());
  }
  void look_at_before_waiting(int fd) {
    if (!std::exchange(of(fd).is_due, true))
      due_.push_back(fd);
  }

  std::size_t wait(std::optional<std::chrono::nanoseconds> longest) override {
    for (const int fd : due_) {
      of(fd).is_due = false;
      if (of(fd).target)
        hand_over(of(fd));
    }
    due_.clear();
    ++turn_;
    writers_before_ = std::exchange(writers_, 0);
    return entries_->wait(longest) ? entries_->seen().size() : 0;
  }

  void hand_over(watched &now) noexcept {
    if (must_stop(now)) {
      entries_->cancel(asked::read, now.target->fd());
      now.stops = true;
    }
    if (now.reads == reading::nothing && has_readers(*now.target))
      hand_over_reads(now);
    if (now.writes == writing::nothing && has_writers(*now.target))
      hand_over_write(now);
  }

  /// Connections that nobody waits for stay in the listener's queue, and bytes in the stream's.
  static bool must_stop(const watched &now) noexcept {
    return !now.stops && ((now.reads == reading::accepts && !has_readers(*now.target)) ||
                          (now.reads == reading::receives && now.polls_left != 0));
  }

  void hand_over_reads(watched &now) noexcept {
    const int fd = now.target->fd();
    const auto what = now.polls_left != 0 ? kernel_call::kind::none : first_read(*now.target).what;
    if (what == kernel_call::kind::receive) {
      entries_->receive(fd);
      now.reads = reading::receives;
    } else if (what == kernel_call::kind::accept) {
      entries_->accept(fd);
      now.reads = reading::accepts;
    } else {
      entries_->poll(asked::read, fd, POLLIN | POLLRDHUP);
      now.reads = reading::polls;
      if (now.polls_left != 0)
        --now.polls_left;
    }
    told_when_ready(*now.target, direction::read);
    ++in_hand_;
  }

  void hand_over_write(watched &now) noexcept {
    const kernel_call call = first_write(*now.target);
    if (call.what == kernel_call::kind::send && !now.full) {
      entries_->send(now.target->fd(), call.bytes);
      now.writes = writing::sends;
    } else {
      entries_->poll(asked::room, now.target->fd(), POLLOUT);
      now.writes = writing::polls;
    }
    ++in_hand_;
  }

  void dispatch() override {
    handled_.swap(entries_->seen());
    looked_at_ = 0;
    for (const answer &each : handled_)
      handle(each);
    handled_.clear();
  }

  void handle(const answer &event) {
    switch (event.to) {
    case asked::nothing_of_interest: // is not seen
      return;
    case asked::wake:
      fall_asleep_again();
      if (!event.more())
        entries_->wake_always(wake_fd());
      return;
    case asked::read:
      of(event.fd).has_answers = false;
      return read_answered(event, of(event.fd));
    case asked::send:
    case asked::room:
      of(event.fd).has_answers = false;
      return write_answered(event, of(event.fd));
    }
  }

  void read_answered(const answer &event, watched &now) {
    take_in(event, now);
    became_ready(*now.target, true, false);
    give_back_buffer(event, now);
    if (must_stop(now) || (now.reads == reading::nothing && has_readers(*now.target)))
      look_at_before_waiting(event.fd);
  }

  void write_answered(const answer &event, watched &now) {
    take_in(event, now);
    if (event.to == asked::send)
      now.full = !sent(*now.target, event.result);
    else {
      now.full = !tried_write(*now.target);
    }
    if (has_writers(*now.target))
      look_at_before_waiting(event.fd);
  }

  /// False where there was no room.
  bool tried_write(descriptor &target) noexcept {
    became_ready(target, false, true);
    told_when_ready(target, direction::write);
    return !has_writers(target);
  }

  /// Notes what has come, and what the kernel has in hand no longer. Ends no operation.
  void take_in(const answer &event, watched &now) {
    if (event.to != asked::read) {
      now.writes = writing::nothing;
      --in_hand_;
      return;
    }
    if (now.reads == reading::receives && event.result > 0) {
      const auto piece = entries_->buffers().filled(event.buffer(), static_cast<std::size_t>(event.result));
      arrivals &all = arrivals_of(now);
      all.add_bytes(piece);
      if (piece.size() == provided_buffers::size || all.bytes() >= most_unread)
        now.polls_left = polls_for_bulk;
    } else if (now.reads == reading::accepts && event.result >= 0)
      arrivals_of(now).add_connection(event.result);
    else if (now.reads == reading::receives && is_end(event.result))
      arrivals_of(now).add_end(event.result);
    if (event.more())
      return;
    if (is_refusal(event.result))
      now.polls_left = polls_for_refusal;
    now.reads = reading::nothing;
    now.stops = false;
    --in_hand_;
  }

  static arrivals &arrivals_of(const watched &now) {
    std::unique_ptr<arrivals> &those = arrived(*now.target);
    if (!those)
      those = std::make_unique<arrivals>();
    return *those;
  }

  /// What nobody has taken of it is copied.
  void give_back_buffer(const answer &event, const watched &now) {
    if (!event.has_buffer())
      return;
    if (arrivals *const rest = arrived(*now.target).get())
      rest->keep();
    entries_->buffers().give_back(event.buffer());
  }

  /// Takes in what has come, for nobody now.
  void keep(const answer &event) {
    take_in(event, of(event.fd));
    give_back_buffer(event, of(event.fd));
  }

  /// The same for all that has been seen of a file. Each answer is looked at once, whatever is closed in a turn.
  void keep_answers(int fd) {
    std::vector<answer> &seen = entries_->seen();
    const auto first = of(fd).has_answers ? 0 : static_cast<std::ptrdiff_t>(looked_at_);
    const auto keeps = [&](const answer &each) {
      if (each.to == asked::wake)
        return false;
      of(each.fd).has_answers = each.fd != fd;
      if (each.fd == fd)
        keep(each);
      return each.fd == fd;
    };
    seen.erase(std::remove_if(seen.begin() + first, seen.end(), keeps), seen.end());
    looked_at_ = seen.size();
  }

  const std::unique_ptr<io_uring_entries> entries_;
  std::vector<watched> watched_; ///< by file descriptor
  std::vector<int> due_;         ///< those of which the kernel is to be asked something before the next wait
  std::uint32_t turn_ = 1;       ///< of the loop: what is done between two waits
  unsigned writers_ = 0;         ///< streams that were written to in this turn
  unsigned writers_before_ = 0;  ///< and in the one before
  std::size_t in_hand_ = 0;      ///< questions to which the last answer has not been taken in
  std::vector<answer> handled_;
  std::size_t looked_at_ = 0; ///< answers that are to be handled, and of which it is noted whose they are
};

} // namespace

std::unique_ptr<poller> make_io_uring_poller(std::string &reason) {
  auto entries = std::make_unique<io_uring_entries>();
  if (const char *const why_not = entries->open()) {
    reason = why_not;
    return nullptr;
  }
  return std::make_unique<io_uring_poller>(std::move(entries));
}

} // namespace coroscope::detail
