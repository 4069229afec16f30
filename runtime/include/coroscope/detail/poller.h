// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a loop's operations wait in: the one interface of all back ends.
//
//   start(operation) -> descriptor's readers or writers -> poll() -> the kernel -> attempt() -> ready queue
//
// Its implementations are in src/. select_poller, poll_poller and epoll_poller learn that a descriptor is ready;
// io_uring_poller has the kernel make the calls. No memory of an operation is in the kernel's hands while it waits, so
// that all of them end at once.
#pragma once

#include <chrono>
#include <coroscope/detail/compiler.h>
#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <coroscope/io_backend.h>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace coroscope::detail {

class poller {
public:
  /// Where io_uring was asked for and cannot be had, epoll, and stderr says so once. Throws std::system_error.
  static std::unique_ptr<poller> make(io_backend which);
  poller(const poller &) = delete;
  poller &operator=(const poller &) = delete;
  virtual ~poller();

  virtual io_backend kind() const noexcept = 0;

  /// Fulfils `operation` once it has ended. Throws std::system_error where the descriptor cannot be waited on.
  void start(io_operation &operation);
  /// An operation will not be waited for any more.
  void withdraw(io_operation &operation) noexcept;
  /// A descriptor is about to be closed, or to move to another loop: what waits on it ends with ECANCELED.
  void forget(descriptor &target) noexcept;

  /// Whether any operation waits.
  bool watching() const noexcept { return waiting_ != 0; }
  /// Waits at most this long (nothing: without limit) until an operation may end, and ends those that do. A signal ends
  /// the wait early. Throws std::system_error.
  void poll(std::optional<std::chrono::nanoseconds> longest);

  /// Ends the poll that goes on, or else the next one. From any thread, and from a signal handler.
  void wake() noexcept;

protected:
  enum class kind_of_kernel : bool { tells_what_is_ready, makes_calls };
  /// Throws std::system_error.
  explicit poller(kind_of_kernel how = kind_of_kernel::tells_what_is_ready);

  /// A descriptor that operations will wait on. Throws std::system_error where that is not possible.
  virtual void watch(descriptor &target) = 0;
  virtual void unwatch(descriptor &target) noexcept = 0;
  /// An operation goes on although nothing will have changed: the next wait is to tell that it may. Those that tell of
  /// the state, and not of changes, do so in any case. False where the kernel refuses, with errno.
  virtual bool tell_again(descriptor &) noexcept { return true; }
  /// For a kernel that makes calls: an operation has begun to wait.
  virtual void has_begun(descriptor &) {}
  /// Waits, and gives how many events there are. 0 where a signal came, or the kernel was out of memory.
  virtual std::size_t wait(std::optional<std::chrono::nanoseconds> longest) = 0;
  /// Handles what the last wait saw. Resumes nothing itself.
  virtual void dispatch() = 0;

  int wake_fd() const noexcept { return wake_; }
  void fall_asleep_again() noexcept;

  static bool has_readers(const descriptor &target) noexcept { return !target.readers_.empty(); }
  static bool has_writers(const descriptor &target) noexcept { return !target.writers_.empty(); }
  /// What the kernel may do for the first of them. Precondition: there is one.
  static kernel_call first_read(descriptor &target) noexcept { return target.readers_.front().in_kernel(); }
  static kernel_call first_write(descriptor &target) noexcept { return target.writers_.front().in_kernel(); }
  descriptor *first_held() noexcept { return held_.first(); }
  descriptor *held_after(const descriptor &target) noexcept { return held_.after(target); }

  /// What waits in these directions tries its call again; so does what comes.
  void became_ready(descriptor &target, bool read, bool write) noexcept;
  /// From now on each call is tried, because the kernel need not say any more that one may succeed.
  static void ended(descriptor &target) noexcept { target.ended_ = target.may_go_on_ = descriptor::both; }
  /// None is tried until what waits in that direction becomes ready.
  static void told_when_ready(descriptor &target, direction way) noexcept { target.drained(way); }

  /// What has come for a descriptor; null where there is nothing.
  static std::unique_ptr<arrivals> &arrived(descriptor &target) noexcept { return target.arrived_; }
  /// Tells the first writer what came of its call. False where it must wait for room.
  bool sent(descriptor &target, long result) noexcept;

private:
  void let_go(descriptor &target) noexcept;
  void cancel(intrusive_list<io_operation> &operations) noexcept;
  void try_again(intrusive_list<io_operation> &operations) noexcept;
  [[gnu::cold, gnu::noinline]] COROSCOPE_PRESERVE_MOST void go_on_later(io_operation &paused) noexcept;

  int wake_;
  const kind_of_kernel how_;
  std::size_t waiting_ = 0;
  intrusive_list<descriptor> held_;
};

} // namespace coroscope::detail
