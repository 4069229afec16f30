// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the signal handler to the loop.
//
//   handler: bit of the signal, eventfd -> the loop wakes -> attempt(): takes a bit
#include <atomic>
#include <bit>
#include <cerrno>
#include <coroscope/detail/signal_receiver.h>
#include <coroscope/signal_stream.h>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace coroscope {

namespace detail {

class signal_inbox final : public signal_receiver {
public:
  explicit signal_inbox(std::initializer_list<int> signals)
      : signal_receiver(rank::asking), woken_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (woken_.fd() < 0)
      throw std::system_error(errno, std::system_category(), "coroscope: waiting for signals");
    start(signals);
  }
  ~signal_inbox() { stop(); }

  descriptor &woken() noexcept { return woken_; }

  /// A signal that has come, once; 0 where there is none.
  int take() noexcept {
    const std::uint64_t there = came_.load();
    const int lowest = std::countr_zero(there);
    if (there == 0)
      return 0;
    came_.fetch_and(~(std::uint64_t{1} << lowest)); // nobody else takes
    return lowest + 1;
  }

private:
  void receive(int signal) noexcept override {
    came_.fetch_or(std::uint64_t{1} << (signal - 1));
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(woken_.fd(), &one, sizeof one);
  }

  descriptor woken_;
  std::atomic<std::uint64_t> came_ = 0; ///< bit n - 1: signal n
};

} // namespace detail

signal_stream::signal_stream(std::initializer_list<int> signals)
    : inbox_(std::make_unique<detail::signal_inbox>(signals)) {}
signal_stream::signal_stream(signal_stream &&other) noexcept = default;
signal_stream &signal_stream::operator=(signal_stream &&other) noexcept = default;
signal_stream::~signal_stream() = default;

signal_stream::next_operation::next_operation(detail::signal_inbox &inbox) noexcept
    : io_operation(inbox.woken(), detail::direction::read), inbox_(&inbox) {}

bool signal_stream::next_operation::attempt() noexcept {
  for (;;) {
    if (const int signal = inbox_->take())
      return finish(signal);
    std::uint64_t count = 0;
    if (::read(fd(), &count, sizeof count) < 0 && errno != EINTR)
      return finish_unless_blocked(-1, errno);
  }
}

int signal_stream::next_operation::await_resume() const {
  end();
  if (result() < 0)
    throw std::system_error(static_cast<int>(-result()), std::system_category(), "coroscope: waiting for a signal");
  return static_cast<int>(result());
}

signal_stream::next_operation signal_stream::next() {
  if (!inbox_)
    throw std::system_error(EBADF, std::system_category(), "coroscope: use of a signal_stream that was moved from");
  return next_operation(*inbox_);
}

} // namespace coroscope
