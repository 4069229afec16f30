// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One I/O call as an awaiter: tried at once, and again each time its descriptor becomes ready, until it need not wait.
//
//   await_ready: attempt() -- done ----------------------------------------> await_resume: result()
//                          \- would block -> poller -> ready -> attempt() -/
//                                                  \-> in_kernel(): io_uring makes the call -> attempt() or sent()
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/waiter.h>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroscope::detail {

/// A call that a kernel can make in an operation's place.
struct kernel_call {
  enum class kind : std::uint8_t {
    none,    ///< it must be told when the descriptor is ready
    receive, ///< each attempt() then finds what has come: see take_arrived
    accept,  ///< the same
    send,    ///< `bytes`, as many as there is room for; sent() is told how many
  };
  kind what = kind::none;
  std::string_view bytes{};
};

class io_operation : public waiter {
public:
  bool await_ready() noexcept { return !cancelled_here() && target_->may_go_on(way_) && attempt() && goes_on(); }
  /// Throws std::system_error where the kernel refuses to watch the descriptor.
  template <class Promise> void await_suspend(std::coroutine_handle<Promise> coroutine) {
    if (begin(coroutine))
      wait();
  }
  std::string describe() const override;

protected:
  io_operation(descriptor &target, direction way) noexcept : target_(&target), way_(way) {}
  ~io_operation();

  /// Makes the call. False where it would block; else it has called `finish`.
  virtual bool attempt() noexcept = 0;

  /// What a kernel may do in its place. Not inline, nor is any that overrides it: a compiler would not see any more
  /// which attempt() await_ready calls.
  virtual kernel_call in_kernel() const noexcept;
  /// What send(2) returned, or -errno. False where the rest must wait for room; else it has called `finish`.
  virtual bool sent(long result) noexcept;

  /// Not negative: what the call returned. Negative: -errno.
  bool finish(long result) noexcept {
    result_ = result;
    return true;
  }
  /// For a call that returned `returned` with this errno: finished, or to be tried again later.
  bool finish_unless_blocked(long returned, int error) noexcept;

  /// For what need not wait, but has done enough at a time: it is tried again when the loop has looked at the others.
  bool pause() noexcept {
    target_->paused_ = true;
    return false;
  }

  /// A read took `count` bytes of at most `most`. Where that was all there was, the next one waits without being tried.
  void took(long count, std::size_t most) noexcept {
    if (count > 0 && static_cast<std::size_t>(count) < most && target_->short_reads_drain_)
      target_->drained(way_);
  }

  /// What the kernel has brought already, which comes before anything that a call could give: `take` takes it. False
  /// where there is nothing.
  template <class Take> bool take_arrived(Take take) {
    if (!target_->arrived_) [[likely]]
      return false;
    result_ = take(*target_->arrived_);
    if (target_->arrived_->empty()) {
      target_->arrived_.reset();
      target_->drained(way_);
    }
    return true;
  }

  long result() const noexcept { return result_; }
  int fd() const noexcept { return target_->fd(); }

private:
  friend poller;
  void wait();
  bool withdraw() noexcept override;

  descriptor *target_;
  long result_ = 0;
  direction way_;
  bool queued_ = false;
};

} // namespace coroscope::detail
