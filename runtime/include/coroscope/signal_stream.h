// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// signal_stream: the signals that a process gets, one after the other.
//
//   kill(pid, SIGTERM) -> every stream that names SIGTERM, on whatever loops -> co_await next() -> SIGTERM
#pragma once

#include <coroscope/detail/descriptor.h>
#include <coroscope/detail/io_operation.h>
#include <initializer_list>
#include <memory>
#include <string>

namespace coroscope {

namespace detail {
class signal_inbox;
}

/// While it exists, its signals do nothing but come out of it; when the last stream of a signal is gone, the signal
/// does what it did before. A signal that comes again before it was taken counts once, as it does in the kernel; of
/// several that have come, the lowest number is first. Where SIGINT is among them, run() does nothing about it. Used on
/// one loop's thread. asyncio: `add_signal_handler`.
class signal_stream {
public:
  /// Throws std::system_error where one of them is no signal that can be waited for: SIGKILL, SIGSTOP, and faults such
  /// as SIGSEGV.
  signal_stream(std::initializer_list<int> signals);
  signal_stream(signal_stream &&other) noexcept;
  signal_stream &operator=(signal_stream &&other) noexcept;
  ~signal_stream();

  class next_operation final : public detail::io_operation {
  public:
    int await_resume() const;
    std::string describe() const override { return "a signal"; }

  private:
    friend signal_stream;
    explicit next_operation(detail::signal_inbox &inbox) noexcept;
    bool attempt() noexcept override;
    detail::signal_inbox *inbox_;
  };

  /// Awaited: waits for the next signal and gives its number. A cancelled wait takes none. Throws std::system_error
  /// with std::errc::operation_canceled where the stream is destroyed meanwhile.
  [[nodiscard]] next_operation next();

private:
  std::unique_ptr<detail::signal_inbox> inbox_;
};

} // namespace coroscope
