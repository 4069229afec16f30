// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who is told of a signal: one handler for the process, and any number of receivers.
//
//   signal -> handler -> receive(signal) of each that asked for it -- none did --> of each that is a fallback
#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <initializer_list>

namespace coroscope::detail {

/// While one exists that has started, its signals do what receivers do, and afterwards what they did before.
class signal_receiver {
public:
  signal_receiver(const signal_receiver &) = delete;
  signal_receiver &operator=(const signal_receiver &) = delete;

protected:
  enum class rank : std::uint8_t {
    asking,
    fallback, ///< told only of signals of which no asking one is
  };

  explicit signal_receiver(rank which) noexcept : rank_(which) {}
  /// Precondition: it was stopped, if it was started.
  ~signal_receiver() = default;

  /// Throws std::system_error that names a signal that cannot be handled; it has not started then.
  void start(std::initializer_list<int> signals);
  /// Starts, unless the program has arranged something else for the signal.
  void start_where_default(int signal);
  /// When this returns, receive() neither runs nor will. Not from a signal handler.
  void stop() noexcept;

private:
  friend struct signal_table;
  /// In a signal handler, on any thread.
  virtual void receive(int signal) noexcept = 0;

  std::uint64_t signals_ = 0; ///< bit n - 1: signal n
  std::atomic<signal_receiver *> next_ = nullptr;
  rank rank_;
};

} // namespace coroscope::detail
