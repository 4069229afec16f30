// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The handler, and the table of receivers that it reads without a lock.
#include <array>
#include <cerrno>
#include <coroscope/detail/signal_receiver.h>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

namespace coroscope::detail {

/// The receivers as a list that handlers may walk at any moment. Who takes one out waits until no handler does.
struct signal_table {
  static constexpr int signals = 64;
  struct entry {
    std::size_t receivers = 0;
    struct sigaction before{};
  };

  std::mutex lock; // of those who change the table
  std::array<entry, signals> entries;
  std::atomic<signal_receiver *> first = nullptr;
  std::atomic<unsigned> handlers = 0; ///< that run now

  static std::uint64_t bit(int signal) noexcept { return std::uint64_t{1} << (signal - 1); }
  static bool valid(int signal) noexcept { return signal >= 1 && signal <= signals; }
  entry &of(int signal) noexcept { return entries[static_cast<std::size_t>(signal - 1)]; }

  void tell(int signal) noexcept {
    if (!tell(signal, signal_receiver::rank::asking))
      tell(signal, signal_receiver::rank::fallback);
  }
  bool tell(int signal, signal_receiver::rank which) noexcept;
  void link(signal_receiver &receiver) noexcept;
  void unlink(signal_receiver &receiver) noexcept;
  int take(int signal) noexcept;
  void give_back(int signal) noexcept;
  bool is_default(int signal) noexcept;
  void stop(signal_receiver &receiver, std::uint64_t taken) noexcept;
};

namespace {

signal_table table; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): signals are the process's

void handle(int signal) {
  const int before = errno;
  table.handlers.fetch_add(1);
  table.tell(signal);
  table.handlers.fetch_sub(1);
  errno = before;
}

/// Signals of which a handler cannot return, since what raised them would happen again.
bool is_fault(int signal) noexcept {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL;
}

} // namespace

bool signal_table::tell(int signal, signal_receiver::rank which) noexcept {
  bool told = false;
  for (signal_receiver *at = first.load(); at; at = at->next_.load())
    if (at->rank_ == which && (at->signals_ & bit(signal)) != 0) {
      at->receive(signal);
      told = true;
    }
  return told;
}

void signal_table::link(signal_receiver &receiver) noexcept {
  receiver.next_.store(first.load());
  first.store(&receiver);
}

void signal_table::unlink(signal_receiver &receiver) noexcept {
  std::atomic<signal_receiver *> *at = &first;
  while (at->load() != &receiver)
    at = &at->load()->next_;
  at->store(receiver.next_.load());
  while (handlers.load() != 0)
    std::this_thread::yield();
}

/// 0, or an errno.
int signal_table::take(int signal) noexcept {
  if (!valid(signal) || is_fault(signal))
    return EINVAL;
  if (of(signal).receivers == 0) {
    struct sigaction action{};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    if (::sigaction(signal, &action, &of(signal).before) < 0)
      return errno;
  }
  ++of(signal).receivers;
  return 0;
}

void signal_table::give_back(int signal) noexcept {
  if (--of(signal).receivers == 0)
    ::sigaction(signal, &of(signal).before, nullptr);
}

bool signal_table::is_default(int signal) noexcept {
  struct sigaction now{};
  if (of(signal).receivers != 0)
    now = of(signal).before;
  else
    ::sigaction(signal, nullptr, &now);
  return (now.sa_flags & SA_SIGINFO) == 0 && now.sa_handler == SIG_DFL;
}

void signal_table::stop(signal_receiver &receiver, std::uint64_t taken) noexcept {
  for (int signal = 1; signal <= signals; ++signal)
    if ((taken & bit(signal)) != 0)
      give_back(signal);
  unlink(receiver);
  receiver.signals_ = 0;
}

void signal_receiver::start(std::initializer_list<int> signals) {
  const std::lock_guard held(table.lock);
  for (const int signal : signals)
    if (signal_table::valid(signal))
      signals_ |= signal_table::bit(signal);
  table.link(*this); // before its signals are handled, so that none is lost
  std::uint64_t taken = 0;
  for (const int signal : signals) {
    if (signal_table::valid(signal) && (taken & signal_table::bit(signal)) != 0)
      continue;
    if (const int error = table.take(signal)) {
      table.stop(*this, taken);
      throw std::system_error(error, std::system_category(), "coroscope: handling signal " + std::to_string(signal));
    }
    taken |= signal_table::bit(signal);
  }
}

void signal_receiver::start_where_default(int signal) {
  {
    const std::lock_guard held(table.lock);
    if (!table.is_default(signal))
      return;
  }
  start({signal});
}

void signal_receiver::stop() noexcept {
  const std::lock_guard held(table.lock);
  if (signals_ != 0)
    table.stop(*this, signals_);
}

} // namespace coroscope::detail
